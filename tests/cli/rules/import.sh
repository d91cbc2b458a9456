cat > acme.yml <<'YAML'
rules:
  - name: Acme key
    id: kingfisher.acme.1
    pattern: |
      (?xi)
      \b acme_ (?P<TOKEN> [a-z0-9]{8,} ) \b   # the token
    min_entropy: 2
    confidence: high
    examples: [acme_q7w6e5r4t3, nothing]
    validation: {type: Http}
  - name: Look behind
    id: kingfisher.acme.2
    pattern: '(?<=acme)_[a-z]{4}'
YAML
"$TIGHTSHIP" rules import acme.yml; echo "status $?"
"$TIGHTSHIP" rules import acme.yml -o rules.toml 2> /dev/null && "$TIGHTSHIP" rules check rules.toml; echo "status $?"
echo 'a: *b' > bad.yml
"$TIGHTSHIP" rules import bad.yml; echo "status $?"
"$TIGHTSHIP" rules import; echo "status $?"
