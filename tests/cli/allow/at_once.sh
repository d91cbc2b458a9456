# Several commands at once: none loses what another one writes.
export SOURCE_DATE_EPOCH=1795521600
git init -q .
for i in 1 2 3 4 5 6 7 8; do
  "$TIGHTSHIP" allow "000000000000000$i" --reason "number $i" 2> "said.$i" &
done
wait
grep -c '^00' .tightship/allow.toml
cat said.* | grep -v '^warning\|^help'
for i in 1 3 5 7; do "$TIGHTSHIP" allow --remove "000000000000000$i" 2> /dev/null & done
"$TIGHTSHIP" allow 0000000000000009 --reason "number 9" 2> /dev/null &
wait
"$TIGHTSHIP" allow --list
ls -A .tightship
rm -r .tightship; mkdir elsewhere; ln -s elsewhere .tightship
"$TIGHTSHIP" allow 0000000000000001 --reason x; echo "a link: status $?"
"$TIGHTSHIP" allow --remove 0000000000000001; echo "a link: status $?"
ls -A elsewhere
