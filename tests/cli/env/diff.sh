# Names and whether values differ; no value is shown.
printf 'A=1\nB=secret\nC=3\n' > a.env
printf 'B=other\nC=3\nD=4\n' > b.env
"$TIGHTSHIP" env diff a.env b.env
echo "status $?"
"$TIGHTSHIP" env diff a.env a.env
"$TIGHTSHIP" env diff a.env
