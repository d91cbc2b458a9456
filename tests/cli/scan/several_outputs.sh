# Each format where it belongs, readable for the owner only whatever the umask.
umask 0
make_token "ghp_{base62:30}{crc32-base62}" > a
touch old.json; chmod 666 old.json
"$TIGHTSHIP" scan -o old.json -o new.jsonl -o sarif:plain -o concise:- a
echo "status $?"
stat -c '%n %a' old.json new.jsonl plain
head -c 1 old.json; echo
grep -c sarif plain
! grep -rl "$(cat a)" old.json new.jsonl plain
