# What cannot be honoured is said; what is wrong stops.
printf "[[rules]]\nid = 'acme'\nregex = 'acme_[a-z]{4}'\n" > c.toml
echo acme_abcd > a
dir() { "$TIGHTSHIP" dir -c c.toml -l error "$@"; echo "status $?"; }
dir a
dir a --max-decode-depth 2 --max-archive-depth=3 --follow-symlinks --diagnostics cpu --no-banner=true --verbose=false
dir a -r report.txt
dir a -r x.json -f template --report-template t
dir a -r nowhere/x.json
dir a --no-such-flag
dir a --no-such-flag --compat=gitleaks
dir a --enable-rule other
dir a --enable-rule other --compat=gitleaks
GITLEAKS_CONFIG=c.toml "$TIGHTSHIP" dir a -l error; echo "status $?"
GITLEAKS_CONFIG_TOML=$(cat c.toml) "$TIGHTSHIP" dir a -l error; echo "status $?"
GITLEAKS_CONFIG_TOML='[[rules]' "$TIGHTSHIP" dir a -l error; echo "status $?"
echo acme_abcd | "$TIGHTSHIP" stdin -c c.toml; echo "status $?"
"$TIGHTSHIP" dir a; echo "status $?"
