# .tightship/allow.toml of a folder speaks of that folder only, in scan and audit alike.
export SOURCE_DATE_EPOCH=1795521600
git init -q .
mkdir -p services/api services/web
echo "token = \"$(make_token 'ghp_{base62:30}{crc32-base62}')\"" > services/api/app.py
id=$("$TIGHTSHIP" scan -q --format concise | awk '{ print $NF }')
"$TIGHTSHIP" allow "$id" --reason 'only of the api' --in services/api
"$TIGHTSHIP" scan -q --format concise; echo "untracked: status $?"
git add -A && git commit -qm one
"$TIGHTSHIP" scan -q --format concise; echo "tracked: status $?"
(cd services && "$TIGHTSHIP" scan -q --format concise; echo "from below: status $?")
"$TIGHTSHIP" audit -q > /dev/null; echo "audit: status $?"
cp services/api/app.py services/web/app.py
git add -A && git commit -qm two
"$TIGHTSHIP" scan --format concise; echo "elsewhere too: status $?"
"$TIGHTSHIP" audit -q --format concise; echo "audit: status $?"
"$TIGHTSHIP" allow --list
