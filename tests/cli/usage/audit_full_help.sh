COLUMNS=80 "$TIGHTSHIP" audit --help
