mkdir -p b a
make_token "ghp_{base62:30}{crc32-base62}" 1 > b/one
make_token "ghp_{base62:30}{crc32-base62}" 2 > a/two
"$TIGHTSHIP" scan --format concise -q
