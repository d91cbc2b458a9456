# What is staged, not what the file says by now; what HEAD has already is not new.
command -v git > /dev/null || skip "no git"
t() { make_token "ghp_{base62:30}{crc32-base62}" "$1"; }
git init -q -b main shop; cd shop
t 1 > old; mkdir api; echo "nothing" > api/a; git add .; git commit -q -m "start"
"$TIGHTSHIP" scan --staged; echo "nothing staged: $?"
echo "more" >> old; t 2 > api/a; git add .; echo "clean again" > api/a
"$TIGHTSHIP" scan --staged --format concise; echo "staged: $?"
cd api
"$TIGHTSHIP" scan -q --staged --format concise a; echo "one file: $?"
"$TIGHTSHIP" scan -q --staged ../old; echo "another file: $?"
"$TIGHTSHIP" scan --staged ../../elsewhere; echo "outside: $?"
