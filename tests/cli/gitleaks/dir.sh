# Files: paths as they were given, ignored files too, allow comments, the whole output.
printf "[[rules]]\nid = 'acme'\ndescription = 'Acme'\nregex = '''acme_([a-z]+)'''\n" > c.toml
mkdir -p src/deep
echo 'x acme_first' > src/a.txt
printf 'line\nx acme_second # gitleaks:allow\n' > src/deep/b.txt
"$TIGHTSHIP" dir src -c c.toml -f json -r - -v; echo "status $?"
"$TIGHTSHIP" dir src -c c.toml --ignore-gitleaks-allow --redact=50 -l error -f csv -r -; echo "status $?"
"$TIGHTSHIP" dir src -c c.toml --ignore-gitleaks-allow --redact=0 --compat gitleaks -l error -f csv -r -; echo "status $?"
cd src && "$TIGHTSHIP" dir -c ../c.toml -l error -f csv -r - | cut -d, -f3
"$TIGHTSHIP" dir . -c ../c.toml -l error -f csv -r - | cut -d, -f3
