# A note is neither shown nor counted, unless one asks.
make_token "sk_test_{base62:24}" > a
"$TIGHTSHIP" scan a; echo "status $?"
"$TIGHTSHIP" scan -q -v --format concise a; echo "status $?"
"$TIGHTSHIP" scan -q --severity note a > /dev/null; echo "status $?"
