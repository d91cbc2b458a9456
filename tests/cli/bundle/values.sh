# Values from a file, from the environment, from a named env file; what cannot be traced is said in the JSON.
mkdir -p dist
export SHOP_KEY SHOP_PIN=1234
SHOP_KEY=$(make_token '{base62:30}' 1)
printf 'a("%s","%s")' "$SHOP_KEY" "$(make_token '{hex:40}' 2 | tr -d '\n' | base64 -w0)" > dist/app.js
"$TIGHTSHIP" bundle dist --env-from-process SHOP_KEY --env-from-process SHOP_PIN --format concise
echo "STORE=$(make_token '{hex:40}' 2)" > store.txt
"$TIGHTSHIP" bundle dist --values-file store.txt
echo "API_TOKEN=$(make_token '{base62:30}' 1)" > ci.env
"$TIGHTSHIP" bundle dist --env ci.env --format concise
"$TIGHTSHIP" bundle dist --env-from-process SHOP_NOTHING
"$TIGHTSHIP" bundle dist --env missing.env
