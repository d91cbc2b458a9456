mkdir src
for i in 1 2; do make_token "ghp_{base62:30}{crc32-base62}" $i; done > src/a
echo "acme_key = acme_q7m2x9r4k3z8" > src/b
cat > new.toml <<'TOML'
disabledRules = []
[extend]
useDefault = true
disabledRules = ["github-pat"]
[[rules]]
id = "acme-key"
title = "Acme key"
regex = '''acme_[a-z0-9]{12}'''
TOML
"$TIGHTSHIP" rules diff builtin builtin src; echo "status $?"
"$TIGHTSHIP" rules diff builtin new.toml src; echo "status $?"
"$TIGHTSHIP" scan -q -f json -o before.json src
"$TIGHTSHIP" rules diff before.json builtin src; echo "status $?"
"$TIGHTSHIP" rules diff new.toml before.json src --limit 1; echo "status $?"
"$TIGHTSHIP" rules diff -f json before.json new.toml src | grep -c '"kind"'
sed 's/"severity": "error"/"severity": "warning"/' before.json > other.json
"$TIGHTSHIP" rules diff other.json before.json --limit 1; echo "status $?"
echo '[]' > bad.json
"$TIGHTSHIP" rules diff bad.json builtin src; echo "status $?"
"$TIGHTSHIP" rules diff builtin missing.toml src; echo "status $?"
