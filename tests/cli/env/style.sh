# Checks of form, the diff of their fixes with masked values, and the fixes; the mode of the file stays.
printf 'B = 1\na="2"\n\n\nD=x y' > .env
chmod 640 .env
"$TIGHTSHIP" env --style --format concise
"$TIGHTSHIP" env --fix --dry-run
"$TIGHTSHIP" env --fix
cat .env
stat -c %a .env
"$TIGHTSHIP" env --fix
