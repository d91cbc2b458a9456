# One line a problem; notes with -v; ignored checks are left out.
git init -q .
printf 'SESSION_SECRET=%s\nA=1\nA=2\n' "$(make_token '{base62:20}')" > .env
echo .env > .gitignore
chmod 644 .env
"$TIGHTSHIP" env --format concise -v
"$TIGHTSHIP" env --format concise --ignore ENV-DUP-CONFLICT,ENV-PERM
