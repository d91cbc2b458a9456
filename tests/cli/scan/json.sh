echo "token = \"$(make_token 'ghp_{base62:30}{crc32-base62}')\"" > app.py
"$TIGHTSHIP" scan -q --format json | sed -E 's/("seconds": )[0-9.e-]+/\1N/; s/("(rules|rules_version|version)": )"[^"]*[0-9][^"]*"/\1"N"/'
