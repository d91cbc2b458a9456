command -v git > /dev/null || skip "no git"
git init -q -b main shop; cd shop
echo "token = \"$(make_token 'ghp_{base62:30}{crc32-base62}')\"" > app.py
git add .; git commit -q -m "wire up github"
git repack -adq
cd ..
kept="$HOME/.cache/tightship"
audit() { "$TIGHTSHIP" audit --format json "$@" shop 2> /dev/null | sed -E 's/"seconds": *[0-9.e-]+/"seconds": 0/'; }
"$TIGHTSHIP" cache
audit --no-cache > plain; ls -A "$HOME"
audit > first
audit > second
TIGHTSHIP_CACHE=off audit > off
grep -c github-pat plain
cmp plain first && cmp plain second && cmp plain off && echo "the same each time"
stat -c '%a' "$kept" "$kept"/*
ls "$kept" | cut -c 1-2
grep -l "$(make_token 'ghp_{base62:30}{crc32-base62}')" "$kept"/* || echo "no secret in it"
"$TIGHTSHIP" cache status | sed -E 's/[0-9]+ kB/N kB/'
"$TIGHTSHIP" cache clear | sed -E 's/[0-9]+ kB/N kB/'
ls -A "$HOME/.cache"
