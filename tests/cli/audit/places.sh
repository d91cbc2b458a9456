# Not only branches: a message, a dropped stash, a reflog, a note, a tag.
command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
t() { make_token "ghp_{base62:30}{crc32-base62}" "$1"; }
echo a > a; git add a; git commit -q -m "start"
git commit -q --allow-empty -m "use $(t 1)"
t 2 > b; git add b; git stash -q; git stash drop -q
git notes add -m "$(t 3)"
git tag -a v1 -m "$(t 4)"
t 5 > c; git add c; git commit -q -m c; git reset -q --hard HEAD~1
"$TIGHTSHIP" audit -q --format concise | sed -E 's/@[0-9a-f]{7}/@COMMIT/'
