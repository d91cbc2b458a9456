# The report that GitLab reads lies where its template looks for it; SOURCE_DATE_EPOCH pins its times.
command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
echo start > a; git add .; git commit -q -m "start"
echo "token = \"$(make_token "ghp_{base62:30}{crc32-base62}")\"" > app.py; git add .; git commit -q -m "wire up github"
export GITLAB_CI=true CI_PIPELINE_SOURCE=push CI_COMMIT_BRANCH=main CI_DEFAULT_BRANCH=main SOURCE_DATE_EPOCH=1762211400
export CI_COMMIT_SHA=$(git rev-parse HEAD) CI_COMMIT_BEFORE_SHA=$(git rev-parse HEAD~1)
"$TIGHTSHIP" ci --format concise 2> /dev/null | sed -E 's/@[0-9a-f]{7}/@COMMIT/'; echo "status ${PIPESTATUS[0]}"
stat -c '%n %a' gl-secret-detection-report.json
sed -E 's/"sha": "[0-9a-f]{40}"/"sha": "COMMIT"/; s/@[0-9a-f]{7}/@COMMIT/' gl-secret-detection-report.json
CI_PIPELINE_SOURCE=schedule "$TIGHTSHIP" ci -q -o gitlab:report.json; echo "status $?"; grep -c '"id": "tightship"' report.json
