# What is encoded is decoded: manifests, notebooks, source maps, scripts, packed text, inside of one another.
t() { make_token 'ghp_{base62:30}{crc32-base62}' "$1"; }
password=$(make_token '{base62:12}!{digit:2}' 3)
base64_line() { base64 -w0; echo; }
cat > secret.yaml << EOF
apiVersion: v1
kind: Secret
metadata:
  name: shop
data:
  DB_PASSWORD: $(printf %s "$password" | base64_line)
  OTHER_PASSWORD: $(printf changeme | base64_line)
  .dockerconfigjson: $(printf '{"auths":{"ghcr.io":{"auth":"%s"}}}' "$(printf 'ana:%s' "$(t 1)" | base64_line)" | base64_line)
EOF
printf '{"cells": [{"cell_type": "code", "source": [\n  "import os\\n",\n  "os.environ[\\"GH\\"] = \\"%s\\"\\n"\n]}]}\n' "$(t 2)" > train.ipynb
printf '{"version":3,"sources":["a.ts"],"sourcesContent":["// line\\nconst a = \\u0022%s\\u0022;\\n"],"mappings":"AAAA"}\n' "$(t 3)" > app.js.map
printf 'powershell -EncodedCommand %s\n' "$(printf '$env:GH = "%s"; ./run' "$(t 4)" | sed 's/./&\x00/g' | head -c -1 | base64_line)" > run.cmd
printf 'blob: %s\n' "$(printf 'token=%s\n' "$(t 5)" | gzip -n | base64_line)" > packed.yaml
printf 'hex: %s\n' "$(printf 'token=%s\n' "$(t 6)" | gzip -n | od -An -v -tx1 | tr -d ' \n')" > packed-hex.yaml
printf 'https://shop.example/login?next=%%2Fhome%%3Ftoken%%3D%s%%26a%%3D1\n' "$(t 7)" > link.txt
printf 'deep: %s\n' "$(printf 'k: %s' "$(printf '"%s"' "$(t 8 | sed 's/^ghp/\\u0067hp/')" | base64_line)" | base64_line)" > deep.txt
"$TIGHTSHIP" scan -q --format concise; echo "status $?"
echo "-- text"
"$TIGHTSHIP" scan -q packed.yaml secret.yaml
echo "-- json and sarif"
"$TIGHTSHIP" scan -q --format json run.cmd deep.txt train.ipynb | grep -E '"(encoding|path|line|column)"'
"$TIGHTSHIP" scan -q --format sarif run.cmd | grep -i encod
echo "-- redact"
"$TIGHTSHIP" redact secret.yaml; echo "status $?"
echo "-- too deep"
t 9 | base64_line | base64_line | base64_line | base64_line | base64_line > deeper.txt
"$TIGHTSHIP" scan deeper.txt; echo "status $?"
