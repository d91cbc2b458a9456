# "Found nothing" and "scanned nothing" must not look the same.
"$TIGHTSHIP" scan
