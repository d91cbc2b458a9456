# Files of production, tracked by git, with the faults that break launches; read as Next.js reads them.
git init -q .
echo '{"dependencies":{"next":"16"}}' > package.json
cat > .env.production <<EOF
NEXT_PUBLIC_STRIPE_SECRET_KEY=$(make_token 'sk_live_{base62:24}')
DATABASE_URL=postgres://shop:p#$(make_token '{base62:8}')@db.acme.io/shop
SMTP_PASSWORD=pa\$$(make_token '{lower:6}')
JWT_SECRET=changeme
DEBUG=true
NEXTAUTH_URL=http://localhost:3000
TOKEN=\$(curl -s https://x.acme.io/token)
EOF
git add -A
"$TIGHTSHIP" env
