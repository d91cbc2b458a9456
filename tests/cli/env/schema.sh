# A schema of the example, and a file that breaks it.
printf '# required, type: url\nURL=https://acme.io\nPORT=3000\n' > .env.example
"$TIGHTSHIP" env --init-schema | tee schema.json
printf 'URL=acme\nPORT=x\nOTHER=1\n' > .env
"$TIGHTSHIP" env --schema schema.json --format concise
"$TIGHTSHIP" env --schema missing.json
