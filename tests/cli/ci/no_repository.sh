"$TIGHTSHIP" ci; echo "status $?"
"$TIGHTSHIP" ci path; echo "status $?"
