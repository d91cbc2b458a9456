echo "nothing to see" > file
"$TIGHTSHIP" scan
