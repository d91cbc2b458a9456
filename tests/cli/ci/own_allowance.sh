# A pull request that allows what it brings: accepted, and told.
command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
mkdir -p api/.tightship; echo start > a; git add .; git commit -q -m "start"
git checkout -q -b feature
echo "token = \"$(make_token "ghp_{base62:30}{crc32-base62}")\"" > app.py; git add .; git commit -q -m "wire up github"
export TIGHTSHIP_BASE=main
"$TIGHTSHIP" ci -q --format concise | sed -E 's/@[0-9a-f]{7}/@COMMIT/'; echo "status ${PIPESTATUS[0]}"
id=$("$TIGHTSHIP" ci -q --format concise | awk '{ print $NF }')
"$TIGHTSHIP" allow "$id" --reason "a made-up token" > /dev/null 2>&1; git add .; git commit -q -m "allow it"
"$TIGHTSHIP" ci 2>&1 | sed -E 's/[0-9a-f]{7}\.\.[0-9a-f]{7}/BASE..HEAD/'; echo "status ${PIPESTATUS[0]}"
"$TIGHTSHIP" ci -q --no-repo-config --format concise | wc -l
"$TIGHTSHIP" scan -q --format concise --since main; echo "scan: $?"
