"$TIGHTSHIP" scan -h
