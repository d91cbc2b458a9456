command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
mkdir .tightship; printf '[[rules]]\nid = "x"\nregex = "broken("\n' > .tightship/rules.toml
echo a > a; git add .; git commit -q -m start; cd ..
git clone -q --bare shop shop.git
"$TIGHTSHIP" audit shop.git; echo "status $?"
"$TIGHTSHIP" audit -q shop > /dev/null; echo "status $?"
