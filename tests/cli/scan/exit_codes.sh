# The table of tightship help exit-codes, row by row.
mkdir clean found; echo x > clean/a
make_token "ghp_{base62:30}{crc32-base62}" > found/a
big() { cp -r "$1" "$1.big"; head -c 5000 /dev/zero > "$1.big/zeros"; }
big clean; big found
try() { "$TIGHTSHIP" scan -q "$@" > /dev/null 2>&1; echo "$? $*"; }
try clean
try found
try --max-file-size 4k clean.big
try --max-file-size 4k found.big
try --max-file-size 4k --require-complete found.big
try --exit-zero found
try --exit-zero --max-file-size 4k found.big
try --exit-code 9 found
try --exit-code 9 clean
try nowhere
try --no-such-flag clean
