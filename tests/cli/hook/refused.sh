# What would lose something is refused, and says how to go on.
git init -q shop; cd shop
"$TIGHTSHIP" hook install > ../said
echo 'make check' >> .git/hooks/pre-push
"$TIGHTSHIP" hook install; echo "status $?"
"$TIGHTSHIP" hook uninstall; echo "status $?"
"$TIGHTSHIP" hook status --pre-push | head -n 2
rm .git/hooks/pre-push
mkdir ../outside; rm -r .git/hooks; ln -s ../../outside .git/hooks
"$TIGHTSHIP" hook install; echo "status $?"
git config core.hooksPath /dev/null
"$TIGHTSHIP" hook install; echo "status $?"
"$TIGHTSHIP" hook install --template; echo "status $?"
"$TIGHTSHIP" hook install --global .; echo "status $?"
"$TIGHTSHIP" hook instal; echo "status $?"
cd ..; "$TIGHTSHIP" hook install nowhere; echo "status $?"
