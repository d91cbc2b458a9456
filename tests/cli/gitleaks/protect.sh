# What is not committed yet: staged, and not staged.
command -v git > /dev/null || skip "no git"
printf "[[rules]]\nid = 'acme'\nregex = '''acme_[a-z]{4}'''\n" > .gitleaks.toml
git init -q -b main .
echo acme_aaaa > a && git add . && git commit -qm first
files() { "$TIGHTSHIP" "$@" -l error -f csv -r - | cut -d, -f1-5; }
echo acme_bbbb >> a
files protect
files protect --staged
git add a
files git --pre-commit
files git --pre-commit --staged
echo untracked acme_cccc > c
files git --pre-commit
