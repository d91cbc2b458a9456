"$TIGHTSHIP" help | tail -n 6
"$TIGHTSHIP" help exit-codes
for topic in config environment rules formats; do
  "$TIGHTSHIP" help "$topic" | head -n 1
done
