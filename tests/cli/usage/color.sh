# Colour only when it is asked for: there is no terminal here.
make_token "ghp_{base62:30}{crc32-base62}" > a
for setting in "" --color=never --color=always; do
  "$TIGHTSHIP" scan -q $setting a | head -n 1 | od -c | head -n 1
done
CLICOLOR_FORCE=1 "$TIGHTSHIP" scan -q a | head -n 1 | od -c | head -n 1
NO_COLOR=1 CLICOLOR_FORCE=1 "$TIGHTSHIP" scan -q a | head -n 1 | od -c | head -n 1
