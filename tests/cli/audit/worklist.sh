command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
echo "token = \"$(make_token 'ghp_{base62:30}{crc32-base62}')\"" > app.py
git add .; git commit -q -m "wire up github"
git rm -q app.py; git commit -q -m "take it out"
cd ..
"$TIGHTSHIP" audit shop
