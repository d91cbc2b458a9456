# Names and keys from a repository reach the terminal escaped.
mkdir "$(printf 'a\033[31mb')"
printf '[env]\n  "X\\u001b[2J" = "%s"\n' "$(make_token 'ghp_{base62:30}{crc32-base62}')" > "$(printf 'a\033[31mb')/fly.toml"
"$TIGHTSHIP" config > out
grep -c "$(printf '\033')" out
cat out
