# A file that cannot be parsed makes the check incomplete, not silent; the rest is looked at.
printf '[env\n' > fly.toml
printf '{"env": {"A": "%s"}}' "$(make_token 'ghp_{base62:30}{crc32-base62}')" > vercel.json
"$TIGHTSHIP" config
echo "exit $?"
rm vercel.json
"$TIGHTSHIP" config
