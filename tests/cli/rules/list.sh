"$TIGHTSHIP" rules list | grep -c .  > count
[ "$(cat count)" -gt 100 ] && echo "many rules"
"$TIGHTSHIP" rules list | grep '^github-pat ' | tr -s ' '
"$TIGHTSHIP" rules list --format json | grep -A 3 '"id": "github-pat"'
