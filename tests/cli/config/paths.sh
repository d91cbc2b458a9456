# Files and folders by name; a path that is not there.
mkdir -p a b
printf '[env]\n  A = "%s"\n' "$(make_token 'ghp_{base62:30}{crc32-base62}' 1)" > a/fly.toml
printf '[env]\n  B = "%s"\n' "$(make_token 'ghp_{base62:30}{crc32-base62}' 2)" > b/fly.toml
"$TIGHTSHIP" config --format concise a/fly.toml
"$TIGHTSHIP" config --format concise a b/
"$TIGHTSHIP" config --format concise a/fly.toml b/fly.toml
mkdir supabase
printf '[functions.f]\nverify_jwt = false\n' > supabase/config.toml
"$TIGHTSHIP" config --format concise supabase/config.toml
"$TIGHTSHIP" config nowhere
