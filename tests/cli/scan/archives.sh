# Archives made here, of plain tar and gzip: members are named, bounds and damage are told.
export TZ=UTC
mkdir -p conf
echo "token = \"$(make_token 'ghp_{base62:30}{crc32-base62}' 1)\"" > conf/app.conf
tar -czf app.tgz conf
echo "token = \"$(make_token 'ghp_{base62:30}{crc32-base62}' 2)\"" | gzip -n > log.gz
echo "token = \"$(make_token 'ghp_{base62:30}{crc32-base62}' 3)\"" > conf/app.conf
tar -cf layer.tar conf && tar -cf image.tar layer.tar
rm -r conf layer.tar
"$TIGHTSHIP" scan -q --format concise; echo "status $?"
echo "-- stdin"
"$TIGHTSHIP" scan -q --format concise --stdin < app.tgz; echo "status $?"
echo "-- closed, or not so deep"
"$TIGHTSHIP" scan -q --format concise --no-archives; echo "status $?"
"$TIGHTSHIP" scan -q --format concise --max-archive-depth 1 image.tar; echo "status $?"
echo "-- cut"
head -c 100 app.tgz > cut.tgz
"$TIGHTSHIP" scan cut.tgz 2>&1 | sed 's/in [0-9.]* m\{0,1\}s/in N ms/'; "$TIGHTSHIP" scan -q cut.tgz; echo "status $?"
echo "-- redact"
"$TIGHTSHIP" redact app.tgz; echo "status $?"
echo "-- json and sarif"
"$TIGHTSHIP" scan -q --format json image.tar | grep -E '"(path|member|line)"'
"$TIGHTSHIP" scan -q --format sarif image.tar | grep -E '"(uri|member|fullyQualifiedName|kind|startLine)"'
