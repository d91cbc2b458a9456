# Lines to paste, and lines that are put in.
mkdir bin; ln -s "$TIGHTSHIP" bin/tightship; PATH=$work/case/bin:$PATH
git init -q shop; cd shop
echo 'pre-commit:' > lefthook.yml
"$TIGHTSHIP" hook install > said; echo "status $?"; cat said
sed -n '/^$/,$p' said >> lefthook.yml
"$TIGHTSHIP" hook install; echo "status $?"
"$TIGHTSHIP" hook uninstall; echo "status $?"
rm lefthook.yml
mkdir -p .husky/_; echo 'npm test' > .husky/pre-push; git config core.hooksPath .husky/_
"$TIGHTSHIP" hook install; echo "status $?"
head -n 2 .husky/pre-push | sed 's/sum [0-9a-f]*/sum SUM/'
tail -n 1 .husky/pre-push
"$TIGHTSHIP" hook status --pre-push; echo "status $?"
"$TIGHTSHIP" hook uninstall; echo "status $?"
cat .husky/pre-push
