# A finding is accepted, changed, listed, taken back; saying it twice changes nothing.
export SOURCE_DATE_EPOCH=1795521600
git init -q .
echo "token = \"$(make_token 'ghp_{base62:30}{crc32-base62}')\"" > app.py
mkdir sub && cd sub
id=$("$TIGHTSHIP" scan -q --format concise .. | awk '{ print $NF }')
"$TIGHTSHIP" allow "$id" --reason 'made up for the "docs"'; echo "status $?"
cat ../.tightship/allow.toml; stat -c %a ../.tightship/allow.toml
cp ../.tightship/allow.toml before
"$TIGHTSHIP" allow "$id" --reason 'made up for the "docs"'; cmp before ../.tightship/allow.toml && echo unchanged
rm before
cd ..
"$TIGHTSHIP" scan; echo "status $?"
"$TIGHTSHIP" scan --no-repo-config -q --format concise; echo "status $?"
GIT_AUTHOR_NAME='Bo "B"' "$TIGHTSHIP" allow "$id" --reason 'rotated on Monday' --until 2026-12-01
"$TIGHTSHIP" allow ffffffffffffffff --reason 'somewhere in the history' --by Cy
"$TIGHTSHIP" allow --list
"$TIGHTSHIP" scan -v -q --format text; "$TIGHTSHIP" scan -v; echo "status $?"
SOURCE_DATE_EPOCH=1796169600 "$TIGHTSHIP" scan --format concise; echo "status $?"
"$TIGHTSHIP" allow "$id" --reason 'for good' --until never
"$TIGHTSHIP" allow --remove "$id" --remove ffffffffffffffff; echo "status $?"
cat .tightship/allow.toml
