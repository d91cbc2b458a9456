# For all repositories; the case's git reads a global configuration of its own.
mkdir bin; ln -s "$TIGHTSHIP" bin/tightship; PATH=$work/case/bin:$PATH
unset GIT_CONFIG_GLOBAL
"$TIGHTSHIP" hook install --global; echo "status $?"
"$TIGHTSHIP" hook install --global --hooks-path; echo "status $?"
git config --global --get core.hooksPath
"$TIGHTSHIP" hook status --global; echo "status $?"
git init -q shop; cd shop
"$TIGHTSHIP" hook install; echo "status $?"
"$TIGHTSHIP" hook uninstall; echo "status $?"
"$TIGHTSHIP" hook uninstall --global; echo "status $?"
git config --global --get core.hooksPath || echo "not set"
ls "$HOME"/tightship 2> /dev/null || echo "no folder"
