# No report holds the token, and no line shows another one.
one=$(make_token "ghp_{base62:30}{crc32-base62}" 1) two=$(make_token "ghp_{base62:30}{crc32-base62}" 2)
echo "$one $two" > a
for format in text concise json jsonl sarif github gitlab junit; do
  "$TIGHTSHIP" scan --format $format a > out 2> err
  for token in "$one" "$two"; do
    grep -q "${token:6:20}" out err && echo "$format shows a secret"
  done
done
"$TIGHTSHIP" scan -q --show-secrets --yes --format concise a | grep -c -e "$one" -e "$two"
