cat > rules.toml <<'RULES'
[[rules]]
id = "acme-token"
descriptin = "Acme token"
regex = '(acme_[0-9a-f]{40}'

[[rules]]
id = "wide"
regex = 'acme_.*'

[[rules]]
id = "wrong-example"
regex = '\b(acme_[0-9a-f]{40})\b'
examples = ["acme_{hex:39}"]
RULES
"$TIGHTSHIP" rules check rules.toml; echo "status $?"
sed -n '10,$p' rules.toml > example.toml
"$TIGHTSHIP" rules check example.toml; echo "status $?"
sed 's/39/40/' example.toml > good.toml
"$TIGHTSHIP" rules check good.toml; echo "status $?"
"$TIGHTSHIP" rules check missing.toml; echo "status $?"
