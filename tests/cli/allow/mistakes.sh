# What is no id, gives no reason or shows a secret is refused; nothing is written, and no secret said again.
token=$(make_token 'ghp_{base62:30}{crc32-base62}')
say() { "$TIGHTSHIP" allow "$@"; echo "status $?"; }
say "$token" --reason x
say 0123456789ABCDEF --reason x
say 0123456789abcdef
say 0123456789abcdef --reason " "
say 0123456789abcdef --reason "it is $token"
say 0123456789abcdef --reason x --until soon
say 0123456789abcdef --reason x --until 2001-01-01
say 0123456789abcdef --reason x --list
say --remove 0123456789abcdef
say
ls -A
mkdir .tightship
cat > .tightship/allow.toml <<'TOML'
[allow]
0123456789abcdef = { reson = "x" }
not-an-id = { reason = "x" }
TOML
say 0123456789abcdef --reason x
"$TIGHTSHIP" scan; echo "status $?"
"$TIGHTSHIP" scan --no-repo-config -q; echo "status $?"
rm .tightship/allow.toml; echo '[allow]' > other; ln -s ../other .tightship/allow.toml
"$TIGHTSHIP" scan; echo "status $?"
say 0123456789abcdef --reason x
