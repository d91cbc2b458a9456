# The script of the GitLab template, with the variables of a merge request.
command -v git > /dev/null || skip "no git"
root=$(dirname "$0")/../../..
awk '/^  script:$/ { on = 1; next } on && /^    - / { sub(/^    - /, ""); print; next } on { exit }' \
  "$root/packaging/gitlab-ci.yml" > script.sh
wc -l < script.sh
mkdir bin; ln -s "$TIGHTSHIP" bin/tightship; export PATH=$PWD/bin:$PATH
git init -q -b main shop; cd shop
echo start > a; git add .; git commit -q -m "start"
git checkout -q -b feature
echo "token = \"$(make_token "ghp_{base62:30}{crc32-base62}")\"" > app.py; git add .; git commit -q -m "wire up github"
export GITLAB_CI=true CI_PIPELINE_SOURCE=merge_request_event CI_MERGE_REQUEST_IID=7 TIGHTSHIP_ARGS="--format concise"
export CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git rev-parse main)
export CI_COMMIT_SHA=$(git rev-parse HEAD) CI_COMMIT_BEFORE_SHA=0000000000000000000000000000000000000000
bash -e ../script.sh 2> err | grep -E '^tightship|@' | sed -E 's/^tightship [0-9].*/tightship VERSION/; s/@[0-9a-f]{7}/@COMMIT/'; echo "status ${PIPESTATUS[0]}"
# What the template names as reports is what was written.
for report in $(sed -n '/reports:/,$s/^ *[a-z_]*: //p' "$root/packaging/gitlab-ci.yml"); do [ -s "$report" ] && echo "$report"; done
