# What cannot be asked, said before anything is sent.
"$TIGHTSHIP" dns; echo "status $?"
"$TIGHTSHIP" dns 'https://example.com/'; echo "status $?"
"$TIGHTSHIP" dns $'b\u202eücher.example'; echo "status $?"
"$TIGHTSHIP" dns example.com --resolver dns.example; echo "status $?"
"$TIGHTSHIP" dns example.com --host 'a b'; echo "status $?"
"$TIGHTSHIP" dns example.com --expect missing.toml; echo "status $?"
printf '[site]\nhost = ["app"]\n' > tightship.toml
"$TIGHTSHIP" dns example.com; echo "status $?"
rm tightship.toml
printf '[[record]]\nname = "@"\ntype = "A"\n' > dns.toml
"$TIGHTSHIP" dns example.com --expect dns.toml; echo "status $?"
"$TIGHTSHIP" dns example.com --snapshot no/such/folder.toml; echo "status $?"
"$TIGHTSHIP" dns example.com --format gitlab; echo "status $?"
# Nobody listens there: nothing is wrong, and nothing is known.
"$TIGHTSHIP" dns example.com --mail --resolver 127.0.0.1:1 --timeout 100 --tries 1 > said; echo "status $?"
grep '^error' said
# Other letters than ASCII: both forms are shown.
"$TIGHTSHIP" dns 'Bücher.example' --mail --resolver 127.0.0.1:1 --timeout 100 --tries 1 -q | head -3; echo "status ${PIPESTATUS[0]}"
