timeless() { sed -E '1s/  [0-9.]+ m?s$/  TIME/'; }
set -o pipefail
git init -q -b main repo && cd repo
mkdir src tests
token=$(make_token "ghp_{base62:30}{crc32-base62}" 1)
gone=$(make_token "ghp_{base62:30}{crc32-base62}" 2)
echo "key = '$gone'" > src/old.py && git add . && git commit -qm "begin"
echo "key = '$token'" > src/new.py && git rm -q src/old.py && git add . && git commit -qm "go on"
"$TIGHTSHIP" launch --no-cache | timeless; echo "status $?"
"$TIGHTSHIP" launch --no-cache --no-history --all | timeless; echo "status $?"
"$TIGHTSHIP" launch --no-cache --md | head -8
"$TIGHTSHIP" launch --no-cache --json | grep -E '"(ready|complete|launch-blocker|ever_committed)"'
"$TIGHTSHIP" launch --no-cache --sarif | grep -c '"ruleId": "github-pat"'
"$TIGHTSHIP" launch --no-cache -q --html page.html > /dev/null; stat -c %a page.html; grep -c "$token\|$gone" page.html
"$TIGHTSHIP" launch --no-cache --md --json; echo "status $?"
"$TIGHTSHIP" launch --no-cache -o report.doc; echo "status $?"
"$TIGHTSHIP" launch --no-cache --exit-zero > /dev/null; echo "status $?"
git init -q -b main ../clean && cd ../clean && echo hello > a && git add . && git commit -qm "hello"
"$TIGHTSHIP" launch --no-cache | timeless; echo "status $?"
mkdir ../folder && cd ../folder && echo hello > a
"$TIGHTSHIP" launch | timeless; echo "status $?"
"$TIGHTSHIP" launch missing; echo "status $?"
cd ../repo
printf '[launch]\noff = ["github-pat"]\n' > tightship.toml
"$TIGHTSHIP" launch --no-cache | grep -E "READY|off in|no prob"; echo "status $?"
printf '[launch]\nfail_on = "scale-risk"\n[launch.class]\ngithub-pat = "scale-risk"\n' > tightship.toml
"$TIGHTSHIP" launch --no-cache -q > /dev/null; echo "status $?"
"$TIGHTSHIP" launch --no-cache -q --fail-on launch-blocker > /dev/null; echo "status $?"
"$TIGHTSHIP" launch --no-cache --no-repo-config | grep READY
printf '[launch]\nof = ["github-pat"]\n' > tightship.toml
"$TIGHTSHIP" launch --no-cache; echo "status $?"
# What a repository accepts is not in the report, and the report says so.
rm tightship.toml
id=$("$TIGHTSHIP" scan -q --format concise src | sed 's/.* //')
"$TIGHTSHIP" allow "$id" --reason "made for a test" > /dev/null 2>&1
"$TIGHTSHIP" launch --no-cache --no-history | grep -oE 'repository allowances took part|no problems found.*'
