# Why something in a line is or is not reported, and which file decided.
export SOURCE_DATE_EPOCH=1795521600
git init -q .
pat() { make_token 'ghp_{base62:30}{crc32-base62}' "$1"; }
mkdir -p .tightship src vendor
cat > .tightship/rules.toml <<'RULES'
[[rules]]
id = "acme-token"
description = "Acme token"
regex = '\b(acme_[0-9a-f]{40})\b'
[[rules.allowlists]]
paths = ['^vendor/']
[[rules.allowlists]]
stopwords = ["acme_00"]
RULES
{
  echo "plain = \"$(pat 1)\""
  echo "comment = \"$(pat 2)\"  # tightship:allow github-pat made up"
  echo "allowed = \"$(pat 3)\""
  echo "password = \"$(pat 4)\""
  echo "broken = \"$(pat 5 | tr 0-9 1-90)\""
  echo "nothing = 1"
  echo "stop = acme_00$(make_token '{hex:38}')"
} > src/app.py
echo "vendored = $(make_token 'acme_{hex:40}')" > vendor/a.txt
cp vendor/a.txt ignored.txt; echo ignored.txt > .gitignore
id=$("$TIGHTSHIP" scan -q --format concise src/app.py | sed -n '/app.py:3:/s/.* //p')
"$TIGHTSHIP" allow "$id" --reason 'made up' 2> /dev/null
# How many rules there are is not this test's.
for line in 1 2 3 4 5 6 7; do
  "$TIGHTSHIP" explain "src/app.py:$line" | sed '/^repository\|^this is/d; s/one of the [0-9]* rules/one of the rules/'
done
"$TIGHTSHIP" explain vendor/a.txt:1
cd src && "$TIGHTSHIP" explain ../ignored.txt:1
"$TIGHTSHIP" explain app.py:9; echo "no such line: status $?"
"$TIGHTSHIP" explain app:1; echo "no such file: status $?"
"$TIGHTSHIP" explain app.py:3 --no-repo-config | grep reported
