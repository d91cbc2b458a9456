# .tightship/rules.toml in a folder: it adds rules, switches rules off and allows things there, in scan,
# audit, ranges, the hook and CI alike.
git init -q -b main .
acme() { make_token 'acme_{hex:40}' "$1"; }
pat() { make_token 'ghp_{base62:30}{crc32-base62}' "$1"; }
mkdir -p services/api/.tightship services/web/.tightship services/api/deep
cat > services/api/.tightship/rules.toml <<'RULES'
[[rules]]
id = "acme-token"
description = "Acme token"
regex = '\b(acme_[0-9a-f]{40})\b'
[[allowlists]]
paths = ['/fixtures/']
RULES
printf '[extend]\ndisabledRules = ["github-pat"]\n' > services/web/.tightship/rules.toml
mkdir services/api/fixtures
seed=0
for folder in services/api services/api/deep services/api/fixtures services/web .; do
  seed=$((seed + 1))
  printf 'one = "%s"\ntwo = "%s"\n' "$(acme $seed)" "$(pat $seed)" > "$folder/keys"
done
"$TIGHTSHIP" scan -q --format concise | sed 's/ [a-z]*_….*//'; echo "untracked: status $?"
git add -A
echo "scan:"; "$TIGHTSHIP" scan --format concise | sed 's/ [a-z]*_….*//'
echo "scan of a folder, from below:"; (cd services/api && "$TIGHTSHIP" scan -q --format concise deep ../web | sed 's/ [a-z]*_….*//')
echo "one file:"; "$TIGHTSHIP" scan -q --format concise services/web/keys; echo "status $?"
echo "staged:"; "$TIGHTSHIP" scan -q --staged --format concise | sed 's/ [a-z]*_….*//'
git commit -qm "add $(acme 9)"
echo "range:"; "$TIGHTSHIP" scan -q --range HEAD --format concise | sed 's/@[0-9a-f]*//; s/ [a-z]*_….*//'
echo "audit:"; "$TIGHTSHIP" audit -q --no-cache --format concise | sed 's/@[0-9a-f]*//; s/ [a-z]*_….*//'
echo "without:"; "$TIGHTSHIP" scan -q --no-repo-config --format concise | sed 's/ [a-z]*_….*//'
echo "explain:"
for place in services/api/keys:1 services/api/fixtures/keys:1 services/web/keys:1 services/web/keys:2 keys:1; do
  "$TIGHTSHIP" explain "$place" | sed '/^this is/d; s/acme_….*/acme_…/; s/ghp_….*/ghp_…/'
done
"$TIGHTSHIP" explain acme-token; "$TIGHTSHIP" explain github-pat | grep -A1 "switched off"
zero=$(printf '0%.0s' {1..40})
echo "refs/heads/main $(git rev-parse HEAD) refs/heads/main $zero" |
  "$TIGHTSHIP" hook run pre-push origin ../remote.git 2>&1 | grep -e '-->\|^error\|took part' | sed 's/@[0-9a-f]*//'
"$TIGHTSHIP" ci --format concise 2>/dev/null | sed 's/@[0-9a-f]*//; s/ [a-z]*_….*//' | sort -u | head -8
