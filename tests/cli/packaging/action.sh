# The scripts of the composite action's steps, as a runner runs them, with a recorded event.
command -v git > /dev/null || skip "no git"
root=$(dirname "$0")/../../..
# The script of step $1: the block below its "run: |".
step() {
  awk -v id="$1" '
    $0 ~ "^ *- id: " id "$" { inside = 1; next }
    inside && /^ *- id: / { exit }
    inside && /^ *run: \|$/ { script = 1; depth = index($0, "run:") + 1; next }
    script { print substr($0, depth) }' "$root/packaging/action.yml"
}
step find > find.sh; step scan > scan.sh
bash -n find.sh && bash -n scan.sh && wc -l < scan.sh | grep -qv '^0$' && echo "two scripts"

git init -q -b main shop; cd shop
echo start > a; git add .; git commit -q -m "start"
echo "token = \"$(make_token "ghp_{base62:30}{crc32-base62}")\"" > app.py; git add .; git commit -q -m "wire up github"
sed -e "s/@BEFORE@/$(git rev-parse HEAD~1)/; s/@AFTER@/$(git rev-parse HEAD)/; s|@REF@|refs/heads/main|" \
  "$root/fixtures/ci/push.json" > ../event.json
export GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push GITHUB_EVENT_PATH=$PWD/../event.json GITHUB_OUTPUT=$PWD/../output
run() { bash --noprofile --norc -e -o pipefail "../$1.sh"; echo "$1: $?"; }

INPUT_BINARY=$TIGHTSHIP run find | grep -E '^(tightship|find)' | sed -E 's/^tightship [0-9].*/tightship VERSION/'
grep -q "^binary=$(realpath "$TIGHTSHIP")\$" ../output && echo "binary is told"
: > ../output
(INPUT_ARGS="--quiet --severity error" INPUT_SARIF="../out with space.sarif" run scan); cat ../output
grep -c '"ruleId"' "../out with space.sarif"
INPUT_ARGS="" INPUT_SARIF="" run scan 2> /dev/null | grep -c '^::error file=app.py'
# What a caller writes into args is words for tightship, never commands of the shell.
(INPUT_ARGS='$(touch ../owned) ; touch ../owned' INPUT_SARIF="" run scan) 2> /dev/null
[ -e ../owned ] && echo "owned"
# A binary that is not there is an error of the step, not a clean scan.
INPUT_BINARY=$PWD/nowhere run find 2> /dev/null
grep -nE 'uses:|curl|wget|http' "$root/packaging/action.yml" | grep -v '#'

# Without a binary and without one on PATH it is built; a cmake of ours stands for the compiler's work.
mkdir ../stub ../temp
cat > ../stub/cmake <<'STUB'
#!/bin/sh
case $1 in
-S) [ -f "$2/CMakeLists.txt" ] && mkdir -p "$4" ;;
--build) [ "$3" = --parallel ] && [ "$4" -gt 0 ] && cp "$TIGHTSHIP" "$2/tightship" ;;
*) exit 1 ;;
esac
STUB
chmod +x ../stub/cmake
: > ../output
(export PATH=$PWD/../stub:/usr/bin:/bin GITHUB_ACTION_PATH=$root/packaging RUNNER_TEMP=$PWD/../temp INPUT_BINARY=
run find) | grep '^find'
grep -q "^binary=.*/temp/tightship-build/tightship\$" ../output && echo "built"
