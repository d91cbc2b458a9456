# Every wrong call says what, then what helps, and ends in 2.
try() { echo "\$ tightship $*" >&2; "$TIGHTSHIP" "$@"; echo "status $?" >&2; }
try scna
try --verison
try scan --formt json
try scan --format xml
try scan --threads 0
try scan --threads
try scan --stdin file
try scan --show-secrets
try scan -o report
try scan -o a.json -o a.json
try scan -o missing/a.json
try scan nowhere
try audit one two
try audit --memory-cap 1
try explain
try explain github-pta
try rules lst
try rules expand '{nonsense}'
try help nothing
try audit
