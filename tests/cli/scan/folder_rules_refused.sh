# What the rules of a folder may not do, and where it is said.
git init -q .
mkdir -p api/.tightship
try() { printf "$1" > api/.tightship/rules.toml; git add -A; "$TIGHTSHIP" scan; echo "status $?"; }
try '[[rules]]\nid = "github-pat"\nregex = "(ghp_[0-9]{36})"\n'
try '[[rules]]\nid = "x"\nregex = "(acme_[0-9"\n[[rules]]\nid = "y"\nregex = "(abc"\n'
"$TIGHTSHIP" rules check api/.tightship/rules.toml; echo "checked: status $?"
try '[[rules]]\nid = "github-pat"\nseverity = "note"\n'
"$TIGHTSHIP" rules check api/.tightship/rules.toml; echo "checked: status $?"
try '[extend]\npath = "../other.toml"\n'
"$TIGHTSHIP" rules check api/.tightship/rules.toml; echo "status $?"
rm api/.tightship/rules.toml; ln -s /etc/passwd api/.tightship/rules.toml; git add -A
"$TIGHTSHIP" scan; echo "a link: status $?"
"$TIGHTSHIP" scan --no-repo-config; echo "left out: status $?"
rm -r api/.tightship; "$TIGHTSHIP" scan; echo "removed, not committed: status $?"
