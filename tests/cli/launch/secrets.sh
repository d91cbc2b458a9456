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
# A value that is accepted is a row of no check, wherever else it stands; the file that holds it still is.
git init -q -b main ../accepted && cd ../accepted && mkdir src dist
shown=$(make_token "ghp_{base62:30}{crc32-base62}" 3)
echo "key = '$shown'" > src/a.py
echo "VITE_GITHUB=$shown" > .env.production
echo "let k='$shown'" > dist/app.js && echo '<script src=app.js></script>' > dist/index.html
rows() {
  "$TIGHTSHIP" launch --no-cache --no-history --all > said
  grep -E '^ ?[0-9]+ |[Ss]een in' said | sed -E 's/ {2,}/  /g'
  grep -oE '[0-9]+ places of values that the repository accepts' said
  grep -c "$shown" said
}
rows
id=$("$TIGHTSHIP" scan -q --format concise src | sed 's/.* //')
"$TIGHTSHIP" allow "$id" --reason "made for a test" > /dev/null 2>&1
rows
# An entry of a folder holds there only: then all other places are told.
"$TIGHTSHIP" allow --remove "$id" > /dev/null 2>&1
"$TIGHTSHIP" allow "$id" --reason "made for a test" --in src > /dev/null 2>&1; git add -f src
rows
