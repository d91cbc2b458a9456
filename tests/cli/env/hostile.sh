# Names and bytes from elsewhere are escaped; what cannot be read makes the answer incomplete, the rest goes on.
git init -q .
name=$(printf 'prod\033[31m\n.env')
echo "STRIPE_KEY=$(make_token 'sk_live_{base62:24}')" > "$name"
printf 'A=\000\001\n\377\376=%s\n' x > .env.bin
mkdir .env
"$TIGHTSHIP" env --format concise
"$TIGHTSHIP" env --dry-run
"$TIGHTSHIP" env nowhere
"$TIGHTSHIP" env --format gitlab
