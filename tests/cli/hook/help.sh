"$TIGHTSHIP" hook
COLUMNS=100 "$TIGHTSHIP" hook install --help
