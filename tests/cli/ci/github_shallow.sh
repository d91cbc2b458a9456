# The default checkout has one commit: said, with the setting to change, and never clean.
command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
for i in 1 2; do echo $i > a; git add .; git commit -q -m "$i"; done
before=$(git rev-parse HEAD~1) after=$(git rev-parse HEAD)
cd ..; git clone -q --depth 1 "file://$PWD/shop" checkout; cd checkout
printf '{"before": "%s", "after": "%s", "ref": "refs/heads/main", "repository": {"default_branch": "main"}}' \
  "$before" "$after" > ../event.json
export GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push GITHUB_EVENT_PATH=../event.json
"$TIGHTSHIP" ci 2>&1 | sed -E 's/[0-9a-f]{40}|[0-9a-f]{7}/COMMIT/g'; echo "status ${PIPESTATUS[0]}"
git fetch -q --unshallow
"$TIGHTSHIP" ci 2>&1 | sed -E 's/[0-9a-f]{7}/COMMIT/g'; echo "status ${PIPESTATUS[0]}"
