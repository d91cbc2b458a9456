command -v git > /dev/null || skip "no git"
git init -q -b main shop
make_token "ghp_{base62:30}{crc32-base62}" > shop/a; git -C shop add a; git -C shop commit -q -m a
"$TIGHTSHIP" audit -o audit.json -o audit.sarif shop
stat -c '%n %a' audit.json audit.sarif
