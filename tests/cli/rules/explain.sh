COLUMNS=80 "$TIGHTSHIP" explain github-pat
COLUMNS=80 "$TIGHTSHIP" rules explain github-pat | head -n 1
