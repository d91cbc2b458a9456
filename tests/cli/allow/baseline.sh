# What was there is written down; what is new is reported; what is gone is dropped.
git init -q .
key() { make_token 'ghp_{base62:30}{crc32-base62}' "$1"; }
echo "a = \"$(key 1)\"" > a.py
echo "b = \"$(key 2)\"" > "b b.py"
"$TIGHTSHIP" baseline check; echo "none yet: status $?"
"$TIGHTSHIP" baseline create; echo "status $?"
cat .tightship/baseline .tightship/.gitattributes; grep -c "$(key 1)" .tightship/baseline
"$TIGHTSHIP" baseline create; echo "again: status $?"
mkdir sub && cd sub && "$TIGHTSHIP" baseline check; echo "status $?"; cd ..
"$TIGHTSHIP" scan -q --baseline .tightship/baseline; echo "scan: status $?"
sed -i '1i\
\
' a.py; mv 'b b.py' c.py; rm a.py
echo "n = \"$(key 3)\"" > new.py
"$TIGHTSHIP" baseline check --format concise; echo "new: status $?"
"$TIGHTSHIP" baseline update; echo "status $?"
"$TIGHTSHIP" baseline update --add; echo "status $?"
cat .tightship/baseline
"$TIGHTSHIP" baseline check -q; echo "status $?"
git add -A && git commit -qm all && rm new.py && git commit -qam gone
"$TIGHTSHIP" baseline create --history --file history; head -1 history
"$TIGHTSHIP" audit -q --baseline history > /dev/null; echo "audit: status $?"
echo word >> history; "$TIGHTSHIP" audit --baseline history; echo "broken: status $?"
