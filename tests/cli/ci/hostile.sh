# Names in a repository give no orders to the runner that reads the log.
command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
echo start > a; git add .; git commit -q -m "start"
name='##[add-matcher]x ##vso[task.setvariable variable=y]z'
make_token "ghp_{base62:30}{crc32-base62}" > "$name"
make_token "ghp_{base62:30}{crc32-base62}" 8 > ':error file=x::y'
git add .; git commit -q -m "::stop-commands::token"
export CI_COMMIT_SHA=$(git rev-parse HEAD) CI_COMMIT_BEFORE_SHA=$(git rev-parse HEAD~1)
for service in GITHUB_ACTIONS TF_BUILD; do
  for format in text concise; do
    env "$service=true" "$TIGHTSHIP" scan --format $format --since HEAD~1 > out 2>&1
    echo "orders: $(grep -cE '##\[|##vso\[|^[[:space:]]*::' out), names shown: $(grep -cE '(-->|^).*(add-matcher|error file)' out)"
  done
done
echo '[]' > event.json
GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push GITHUB_EVENT_PATH=event.json "$TIGHTSHIP" ci --plan; echo "status $?"
