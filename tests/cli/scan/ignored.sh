command -v git > /dev/null || skip "no git"
git init -q .
echo 'secret.env' > .gitignore
make_token "ghp_{base62:30}{crc32-base62}" > secret.env
"$TIGHTSHIP" scan -q --format concise; echo "status $?"
"$TIGHTSHIP" scan -q --format concise --no-ignore; echo "status $?"
