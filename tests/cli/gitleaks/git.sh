# A configuration of gitleaks, its flags, its reports.
command -v git > /dev/null || skip "no git"
cat > .gitleaks.toml <<'RULES'
title = "acme"
[[rules]]
id = "acme-key"
description = "Acme key"
regex = '''acme_([a-z0-9]{8,})'''
keywords = ["acme"]
tags = ["api"]
[[rules.allowlists]]
stopwords = ["example"]
[[rules]]
id = "keystore"
description = "Key store"
path = '''\.jks$'''
RULES
git init -q -b main .
printf 'one\nkey = acme_q7w6e5r4t3\nacme_example1\n' > app.conf
printf 'x' > app.jks
git add app.conf app.jks && git commit -qm 'wire up'
export GIT_COMMITTER_DATE='2025-11-04T10:00:00+0000' GIT_AUTHOR_DATE='2025-11-04T09:00:00+0000'
sed -i '1i zero' app.conf && git commit -qam 'moves the line' && sed -i '/acme/d' app.conf && git commit -qam 'takes it out'
"$TIGHTSHIP" git -r leaks.json; echo "status $?"
cat leaks.json
"$TIGHTSHIP" git -f csv -r - --redact=0 --log-level error; echo "status $?"
"$TIGHTSHIP" detect --source . -f sarif -r leaks.sarif --exit-code 7 --enable-rule acme-key --no-banner -l error; echo "status $?"
grep -c REDACTED leaks.sarif
"$TIGHTSHIP" git --enable-rule keystore -f junit -r - -l error; echo "status $?"
# An accepted place; what was there before.
printf '%s\n' "$(sed -n 's/.*"Fingerprint": "\(.*\)".*/\1/p' leaks.json | grep acme-key)" > .gitleaksignore
"$TIGHTSHIP" git -l error --enable-rule acme-key; echo "status $?"
rm .gitleaksignore
"$TIGHTSHIP" git -l error -b leaks.json; echo "status $?"
