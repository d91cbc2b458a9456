# A file that was deleted is still in the history.
git init -q .
echo "STRIPE_KEY=$(make_token 'sk_live_{base62:24}')" > .env
git add -A && git commit -qm begin
git rm -q .env && git commit -qm 'take it out'
"$TIGHTSHIP" env --format concise
"$TIGHTSHIP" env --format concise --no-history
