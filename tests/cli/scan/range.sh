# The commits of a range, not the difference of its ends: a secret that comes and goes inside is found, and
# so is one that only a merge or a message brings.
command -v git > /dev/null || skip "no git"
t() { make_token "ghp_{base62:30}{crc32-base62}" "$1"; }
git init -q -b main shop; cd shop
echo start > a; git add .; git commit -q -m "start"; git tag v1
t 1 > b; git add .; git commit -q -m "wire up github"
git rm -q b; git commit -q -m "take it out"
git checkout -q -b side v1; echo side > s; git add .; git commit -q -m "side, with $(t 2)"; git checkout -q main
git merge -q --no-commit side > /dev/null 2>&1; t 3 > m; git add m; git commit -q -m "merge"
hide() { sed -E 's/@[0-9a-f]{7}|of [0-9a-f]{7}/@COMMIT/'; }
"$TIGHTSHIP" scan --format concise --range v1..HEAD 2> err | hide; cat err >&2
"$TIGHTSHIP" scan -q --format concise --since v1 | hide | wc -l
"$TIGHTSHIP" scan --range HEAD~1..HEAD^2 > out; echo "only the side: $(wc -l < out)"
"$TIGHTSHIP" scan --since HEAD; echo "empty: $?"
"$TIGHTSHIP" scan --range v1..nowhere; echo "no such commit: $?"
"$TIGHTSHIP" scan --range v1..HEAD a; echo "with a path: $?"
"$TIGHTSHIP" scan --staged --since v1; echo "two at once: $?"
"$TIGHTSHIP" scan -q --format json --since v1 | grep '"job"'
