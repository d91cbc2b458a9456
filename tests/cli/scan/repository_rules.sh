# Rules of the scanned folder take part visibly, or not at all.
mkdir .tightship
cat > .tightship/rules.toml <<'RULES'
[[rules]]
id = "acme-token"
description = "Acme token"
regex = '\b(acme_[0-9a-f]{40})\b'
RULES
make_token "acme_{hex:40}" > a
"$TIGHTSHIP" scan --format concise a; echo "status $?"
"$TIGHTSHIP" scan --format concise --no-repo-config a; echo "status $?"
"$TIGHTSHIP" scan -q --format concise --no-repo-config --rules .tightship/rules.toml a; echo "status $?"
