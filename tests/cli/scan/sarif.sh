echo "token = \"$(make_token 'ghp_{base62:30}{crc32-base62}')\"" > app.py
"$TIGHTSHIP" scan -q --format sarif > out.sarif
echo "status $?"
grep -o '"version": "2.1.0"' out.sarif
grep -c '"ruleId": "github-pat"' out.sarif
grep -o '"startLine": [0-9]*' out.sarif | head -n 1
"$TIGHTSHIP" scan -q --format sarif --exit-zero > out.sarif
