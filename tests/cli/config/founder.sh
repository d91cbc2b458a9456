# A small product with the faults that founders make.
mkdir -p supabase/migrations src
cat > vite.config.ts <<'EOF'
export default defineConfig(({ mode }) => {
  const env = loadEnv(mode, process.cwd(), '')
  return { define: { 'process.env': env } }
})
EOF
cat > supabase/migrations/20250301120000_init.sql <<'EOF'
create table public.profiles (id uuid primary key, email text);
create table public.posts (id uuid primary key);
alter table public.posts enable row level security;
create policy "anyone" on public.posts for all using (true);
EOF
printf '[env]\n  PORT = "8080"\n  GITHUB_TOKEN = "%s"\n' "$(make_token 'ghp_{base62:30}{crc32-base62}')" > fly.toml
printf 'services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: postgres\n    ports:\n      - "5432:5432"\n  web:\n    build: .\n' > compose.yaml
printf '[auth]\nsite_url = "http://localhost:3000"\n' > supabase/config.toml
"$TIGHTSHIP" config
