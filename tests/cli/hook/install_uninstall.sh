# Beside a hook that is there: twice, looked at, and back.
git init -q shop; cd shop
printf '#!/bin/sh\nexit 0\n' > .git/hooks/pre-push; chmod 755 .git/hooks/pre-push
cp -a .git/hooks ../before
mkdir ../bin; ln -s "$TIGHTSHIP" ../bin/tightship; PATH=$work/case/bin:$PATH
"$TIGHTSHIP" hook install; echo "status $?"
"$TIGHTSHIP" hook install; echo "status $?"
"$TIGHTSHIP" hook install --pre-commit; echo "status $?"
"$TIGHTSHIP" hook status; echo "status $?"
"$TIGHTSHIP" hook uninstall; echo "status $?"
"$TIGHTSHIP" hook uninstall; echo "status $?"
"$TIGHTSHIP" hook status; echo "status $?"
diff -r ../before .git/hooks && echo "as before"
