# Ranges of git log; what is not honoured is said.
command -v git > /dev/null || skip "no git"
printf "[[rules]]\nid = 'acme'\nregex = 'acme_[a-z]{4}'\n" > c.toml
git init -q -b main .
for word in aaaa bbbb cccc; do echo "acme_$word" > "$word" && git add "$word" && git commit -qm "adds $word"; done
files() { sed -n 's/.*"File": "\(.*\)",/\1/p' | tr '\n' ' '; echo; }
try() { "$TIGHTSHIP" git -c c.toml -l error -f json -r - "$@" | files; }
try
try --log-opts=HEAD~1..HEAD
try --log-opts='HEAD ^HEAD~2'
try --log-opts='-1'
try --log-opts='-n 2'
try --log-opts='--all --not HEAD~1'
try --log-opts='HEAD~2 --since=yesterday'
try --log-opts=nowhere
