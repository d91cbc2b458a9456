git init -q -b main shop && cd shop
token=$(make_token "ghp_{base62:30}{crc32-base62}" 1)
echo "API_TOKEN=$token" > .env
printf 'app = "shop"\n' > fly.toml
printf '[owners]\nuptime = "ana@example.com"\n' > tightship.toml
git add . && git commit -qm "begin"
"$TIGHTSHIP" handover --no-cache | sed 's/^Facts of [0-9-]*/Facts of DAY/' > new.md; echo "status $?"
cat new.md
sed -i 's/- \[ \] Who can deploy:/- [x] Who can deploy: Ana/' new.md
"$TIGHTSHIP" handover --no-cache -o new.md; echo "status $?"
grep -c "Who can deploy: Ana" new.md; stat -c %a new.md
echo "<!-- tightship:begin secrets -->" >> new.md
"$TIGHTSHIP" handover --no-cache -o new.md; echo "status $?"
