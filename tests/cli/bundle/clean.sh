# Nothing to say: silence, and status 0. A key that is public by design is a note.
mkdir -p dist
printf 'Stripe("%s")' "$(make_token 'pk_live_{base62:24}' 1)" > dist/app.js
"$TIGHTSHIP" bundle dist && "$TIGHTSHIP" bundle dist -v
