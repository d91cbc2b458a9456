command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
echo "nothing" > a; git add .; git commit -q -m "start"
"$TIGHTSHIP" audit
