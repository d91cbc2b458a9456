# Annotations on standard output, the summary of the step, the range on standard error.
command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
echo start > a; git add .; git commit -q -m "start"
echo "token = \"$(make_token "ghp_{base62:30}{crc32-base62}")\"" > app.py; git add .; git commit -q -m "wire up github"
printf '{"before": "%s", "after": "%s", "ref": "refs/heads/main", "repository": {"default_branch": "main"}}' \
  "$(git rev-parse HEAD~1)" "$(git rev-parse HEAD)" > ../event.json
export GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push GITHUB_EVENT_PATH=../event.json GITHUB_STEP_SUMMARY=../summary.md
echo "of an earlier tool" > ../summary.md
hide() { sed -E 's/[0-9a-f]{7}\.\.[0-9a-f]{7}/BASE..HEAD/; s/&#64;[0-9a-f]{7}/\&#64;COMMIT/; s/ in [0-9]+ ms/ in TIME/'; }
"$TIGHTSHIP" ci 2> err; echo "status $?"
hide < err
hide < ../summary.md
"$TIGHTSHIP" ci --plan | hide
"$TIGHTSHIP" ci -q -o ../out.sarif > annotations; echo "status $?, $(wc -l < annotations) annotation, $(grep -c ruleId ../out.sarif) result"
"$TIGHTSHIP" ci -q --format concise | grep -c "^app.py"
