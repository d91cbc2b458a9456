# What refers to a value elsewhere is no problem, and what was looked at is said.
printf '[env]\n  API_SECRET = "${API_SECRET}"\n  DB_PASSWORD = "op://vault/db/password"\n' > fly.toml
printf 'FROM node:22\nRUN --mount=type=secret,id=npm npm ci\nUSER node\n' > Dockerfile
"$TIGHTSHIP" config
