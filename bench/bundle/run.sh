#!/bin/sh
# Checks one build with tightship and with what people use for it: gitleaks, and grep for the values themselves.
#
# usage: bench/bundle/run.sh DIR      the output of a build: real minified code, maps included
# environment: ROUNDS (7); PEER_BYTES (2000000); PEER_SECONDS (120); TIGHTSHIP, GITLEAKS: the programs
#
# DIR is copied. Twenty made-up values go into one more script of it: five as they are, five as JSON, five in base64
# behind another text, five as JSON in a string of JavaScript. What each program found of them is printed beside its
# time. gitleaks takes minutes for long lines of minified code: it gets a share of PEER_BYTES, the planted file among
# them, and PEER_SECONDS; tightship is measured on the same share beside it. "limit" reads every file once. "one core" is tightship with a single thread: bytes a second of the copy.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
rounds=${ROUNDS:-7}
ship=$(command -v "${TIGHTSHIP:-tightship}") || { echo "run.sh: set TIGHTSHIP to the binary" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cp -r "${1:?usage: run.sh DIR}" "$work/dist"
python3 "$here/plant.py" "$work/dist/planted.js" "$work/values.txt"
cut -d= -f2- "$work/values.txt" > "$work/plain.txt"
cd "$work"

set -- "tightship='$ship' bundle dist --values-file values.txt --format json" \
  "one-core='$ship' bundle dist --values-file values.txt --format json -j 1" \
  "grep='grep' -rcF -f plain.txt dist" "limit=tar cf - dist | cat"
size=$(du -sb --apparent-size dist | cut -f1)
echo "$(find dist -type f | wc -l) files, $size bytes, $(find dist -name '*.map' | wc -l) maps"
python3 "$here/../lib/measure.py" --rounds "$rounds" --base tightship "$@"

if tool=$(command -v "${GITLEAKS:-gitleaks}"); then
  mkdir share
  cp dist/planted.js share/
  find dist -type f -name '*.js' -size +1k -printf '%s %p\n' | sort -n | awk -v most="${PEER_BYTES:-2000000}" \
    '(sum += $1) <= most { sub(/^[0-9]+ /, ""); print }' | while IFS= read -r file; do
    cp "$file" "share/$(printf '%s' "$file" | tr / _)"
  done
  limit=${PEER_SECONDS:-120}
  echo
  echo "a share of $(find share -type f | wc -l) scripts, $(du -sb --apparent-size share | cut -f1) bytes, at most $limit s:"
  gitleaks="'$tool' dir --no-banner --report-format json --report-path gitleaks.json share"
  if sh -c "timeout $limit $gitleaks" > /dev/null 2>&1 || [ $? -eq 1 ]; then
    python3 "$here/../lib/measure.py" --rounds 3 --warmup 0 --base tightship \
      "tightship='$ship' bundle share --values-file values.txt --format json" "gitleaks=$gitleaks"
  else
    echo "gitleaks gave no answer in that time"
    rm -f gitleaks.json
  fi
fi

"$ship" bundle dist --values-file values.txt --format json > ours.json 2> summary.txt || true
cat summary.txt
python3 - "$size" << 'END'
import json, re, subprocess, sys, time
found = {p["subject"] for p in json.load(open("ours.json"))["problems"] if p["id"] == "BND-ENV-VALUE"}
print(f"tightship found {len(found)} of 20 values")
plain = [line.rstrip("\n") for line in open("plain.txt")]
text = open("dist/planted.js").read()
print(f"grep found {sum(value in text for value in plain)} of 20")
try:
    leaks = json.load(open("gitleaks.json"))
    print(f"gitleaks found {sum('planted.js' in leak['File'] for leak in leaks)} places in the planted file, {len(leaks)} in all")
except FileNotFoundError:
    pass
END
