# Encoded secrets in history: whole, changed by deltas, in a loose object and in a pack alike.
command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
t() { make_token 'ghp_{base62:30}{crc32-base62}' "$1"; }
password=$(make_token '{base62:12}!{digit:2}' 3)
lines() { seq -f 'a line of the file, number %g of many' "$1" "$2"; }
commit() { git add -A; git commit -q -m "$1"; }
{ lines 1 200; echo "token: $(t 1 | base64 -w0)"; lines 201 400; } > values.yaml
printf 'apiVersion: v1\nkind: Secret\ndata:\n  DB_PASSWORD: %s\n' "$(printf %s "$password" | base64 -w0)" > secret.yaml
commit "encoded"
sed -i 's/number 17 /number 17a /' values.yaml
printf 'apiVersion: v1\nkind: Secret\ndata:\n  DB_PASSWORD: %s\n' "$(printf changeme | base64 -w0)" > secret.yaml
printf '{"cells": [{"source": ["x = 1\\n", "k = \\"%s\\"\\n"]}]}\n' "$(t 2)" > train.ipynb
commit "changed"
{ lines 1 200; lines 201 400; } > values.yaml
rm train.ipynb
commit "gone"
"$TIGHTSHIP" audit -q --no-cache --format concise > loose; echo "status $?"
git repack -adfq --depth=50
"$TIGHTSHIP" audit -q --no-cache --format concise > packed
cmp loose packed && sed -E 's/@[0-9a-f]{7}/@COMMIT/' packed
echo "-- worklist"
"$TIGHTSHIP" audit -q --no-cache --show 1 | sed -E -e 's/@[0-9a-f]{7}/@COMMIT/' -e 's/in [0-9a-f]{7}/in COMMIT/'
echo "-- json"
"$TIGHTSHIP" audit -q --no-cache --format json | grep -E '"encoding"'
