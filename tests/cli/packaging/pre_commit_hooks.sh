# The entries of .pre-commit-hooks.yaml, as the framework runs them: split like a shell, no shell around.
command -v git > /dev/null || skip "no git"
root=$(dirname "$0")/../../..
mkdir bin; ln -s "$TIGHTSHIP" bin/tightship; export PATH=$PWD/bin:$PATH
staged=$(sed -n 's/^  entry: \(tightship.*\)$/\1/p' "$root/.pre-commit-hooks.yaml")
push=$(awk '/entry: >-$/ { on = 1; next } on && /^    / { sub(/^ +/, ""); printf "%s ", $0; next } on { exit }' "$root/.pre-commit-hooks.yaml")
echo "$staged"
git init -q -b main shop; cd shop
t() { make_token "ghp_{base62:30}{crc32-base62}" "$1"; }
echo start > a; git add .; git commit -q -m "start"
t 1 > b; git add b
eval "$staged" > /dev/null 2>&1; echo "staged secret: $?"
git commit -q -m "b"; git rm -q b; git commit -q -m "take it out"
eval "$staged" > /dev/null 2>&1; echo "nothing staged: $?"
PRE_COMMIT_FROM_REF=$(git rev-parse HEAD~2) PRE_COMMIT_TO_REF=$(git rev-parse HEAD) eval "$push" > /dev/null 2>&1
echo "push of both: $?"
PRE_COMMIT_FROM_REF=$(git rev-parse HEAD~1) PRE_COMMIT_TO_REF=$(git rev-parse HEAD) eval "$push" > /dev/null 2>&1
echo "push of the last: $?"
PRE_COMMIT_LOCAL_BRANCH=refs/heads/main eval "$push" > /dev/null 2>&1; echo "first push of all: $?"
