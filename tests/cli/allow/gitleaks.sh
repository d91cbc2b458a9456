# What was accepted for gitleaks is honoured, and said.
key() { make_token 'ghp_{base62:30}{crc32-base62}' "$1"; }
mkdir src
echo "a = \"$(key 1)\"" > src/a.py
echo "b = \"$(key 2)\"" > src/b.py
echo "c = \"$(key 3)\" # gitleaks:allow" > src/c.py
echo "d = \"$(key 4)\" # tightship:allow github-pat, jwt-token made up" > src/d.py
"$TIGHTSHIP" scan -q --format concise; echo "status $?"
printf '# accepted\nsrc/a.py:github-pat:1\nsrc/gone.py:jwt:7\nword\n' > .gitleaksignore
"$TIGHTSHIP" scan --format concise; echo "status $?"
printf '[{"RuleID":"generic-api-key","File":"moved.py","StartLine":9,"Secret":"%s"}]' "$(key 2)" > report.json
"$TIGHTSHIP" scan --format concise --baseline report.json src; echo "by value: status $?"
printf '[{"RuleID":"github-pat","File":"src/b.py","StartLine":1,"Secret":"REDACTED"}]' > report.json
"$TIGHTSHIP" scan -v --baseline report.json src; echo "by place: status $?"
echo '{}' > report.json; "$TIGHTSHIP" scan --baseline report.json; echo "other JSON: status $?"
