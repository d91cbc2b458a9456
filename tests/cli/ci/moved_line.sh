# Annotations point at the line in the checked-out tree, wherever later commits of the range moved it; a
# line that is gone gets none.
command -v git > /dev/null || skip "no git"
t() { make_token "ghp_{base62:30}{crc32-base62}" "$1"; }
git init -q -b main shop; cd shop
echo start > a; git add .; git commit -q -m "start"
echo "token = \"$(t 1)\"" > moved.py; echo "token = \"$(t 2)\"" > gone.py; echo "token = \"$(t 3)\"" > changed.py
git add .; git commit -q -m "wire up github"
{ printf 'one\ntwo\n'; cat moved.py; } > new; mv new moved.py; git rm -q gone.py
echo "other = 1, key = \"$(t 3)\"" > changed.py
git add .; git commit -q -m "move things"
"$TIGHTSHIP" scan --range HEAD~2..HEAD --format github 2> /dev/null | sed -E 's/@[0-9a-f]{7}/@COMMIT/; s/%0Afix.*//'
"$TIGHTSHIP" scan -q --range HEAD~2..HEAD --format concise | sed -E 's/@[0-9a-f]{7}/@COMMIT/'
