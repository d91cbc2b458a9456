command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
echo "token = \"$(make_token 'ghp_{base62:30}{crc32-base62}')\"" > app.py
git add .; git commit -q -m "wire up github"
"$TIGHTSHIP" audit --show 1; echo "status $?"
"$TIGHTSHIP" audit --show 2; echo "status $?"
