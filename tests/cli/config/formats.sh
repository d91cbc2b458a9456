# The machine forms say the same; none holds the value.
printf '[env]\n  GITHUB_TOKEN = "%s"\n' "$(make_token 'ghp_{base62:30}{crc32-base62}')" > fly.toml
for format in concise json jsonl sarif github junit; do
  echo "== $format"
  "$TIGHTSHIP" config -q --format $format > out
  echo "exit $?"
  sed -E 's/"seconds": ?[0-9.]+/"seconds": SECONDS/; s/"(version|semanticVersion)": ?"[0-9.]+"/"version": "VERSION"/' out
  grep -q ghp_ out && echo "the value is in it"
done
"$TIGHTSHIP" config --format gitlab
