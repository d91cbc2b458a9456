git init -q 'a "b'; cd 'a "b'
"$TIGHTSHIP" hook install --pre-receive > ../said
"$TIGHTSHIP" hook status --format json | grep -v '^  "tightship":'  # depends on this machine's PATH
