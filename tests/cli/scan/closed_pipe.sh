# A reader that went away is no error, and the status stays.
for i in $(seq 400); do make_token "ghp_{base62:30}{crc32-base62}" 3; done > a
{ "$TIGHTSHIP" scan -q --format concise a; echo "status $?" >&2; } | true
"$TIGHTSHIP" scan -q a > /dev/full; echo "status $?"
