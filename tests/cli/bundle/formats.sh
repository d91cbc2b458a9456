# Every form of the report, of a build without any env file.
mkdir -p site/dist && cd site
printf 'import("./x.js");new Stripe("%s");fetch("http://localhost:3000/api")\n' "$(make_token 'sk_live_{base62:24}' 1)" > dist/app.js
echo '<html><img src="http://img.example.org/a.png"></html>' > dist/index.html
for format in concise json jsonl sarif github junit; do
  echo "== $format"
  "$TIGHTSHIP" bundle dist -q --format $format | sed -e 's/"seconds": *[0-9.e-]*/"seconds": 0/' -e 's/time="[0-9.]*"/time="0"/g'
done
"$TIGHTSHIP" bundle dist --format gitlab
