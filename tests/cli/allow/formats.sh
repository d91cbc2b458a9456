# Accepted findings are in the reports, as accepted, and redacted.
export SOURCE_DATE_EPOCH=1795521600
token=$(make_token 'ghp_{base62:30}{crc32-base62}')
echo "token = \"$token\"" > app.py
id=$("$TIGHTSHIP" scan -q --format concise | awk '{ print $NF }')
"$TIGHTSHIP" allow "$id" --reason 'made up'
"$TIGHTSHIP" scan -q -o json:r.json -o sarif:r.sarif -o jsonl:r.jsonl; echo "status $?"
grep -A 7 '"counts"' r.json
grep -A 5 '"allowance"' r.json
grep -A 6 '"suppressions"' r.sarif
grep -o '^{"type":"[a-z]*"' r.jsonl
grep -c "$token" r.json r.sarif r.jsonl
