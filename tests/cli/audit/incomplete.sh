# A missing object is named, the rest is scanned, and the status is 3.
command -v git > /dev/null || skip "no git"
lose() {
  blob=$(git -C "$1" rev-parse HEAD:a)
  rm -f "$1/.git/objects/${blob:0:2}/${blob:2}"
}
git init -q -b main clean
(cd clean; echo "one" > a; echo "two" > b; git add .; git commit -q -m "start")
cp -r clean found
(cd found; make_token "ghp_{base62:30}{crc32-base62}" > c; git add .; git commit -q -m "wire up github")
lose clean; lose found
"$TIGHTSHIP" audit clean; echo "status $?"
"$TIGHTSHIP" audit found; echo "status $?"
"$TIGHTSHIP" audit -q --require-complete found > /dev/null; echo "status $?"
