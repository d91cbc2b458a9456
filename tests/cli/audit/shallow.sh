command -v git > /dev/null || skip "no git"
git init -q -b main shop
for i in 1 2 3; do echo $i > shop/a; git -C shop add a; git -C shop commit -q -m "step $i"; done
git clone -q --depth 1 "file://$PWD/shop" shallow
"$TIGHTSHIP" audit shallow
