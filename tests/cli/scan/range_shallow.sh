# A range that a shallow clone cuts off is not clean.
command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
for i in 1 2 3; do echo $i > a; git add .; git commit -q -m "$i"; done
git branch old HEAD~2
cd ..; git clone -q --no-single-branch --depth 1 "file://$PWD/shop" shallow; cd shallow
"$TIGHTSHIP" scan --since origin/old 2>&1; echo "cut off: $?"
git fetch -q --unshallow
"$TIGHTSHIP" scan --since origin/old 2>&1; echo "whole: $?"
