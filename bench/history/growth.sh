#!/bin/sh
# How cost grows with history: the same files in 1, 2, 4, 8 times as many versions. Packed bytes grow
# slowly, expanded bytes in step with the versions; the CPU time of an audit follows the former.
#
# usage: bench/history/growth.sh     (ROUNDS=3, TIGHTSHIP=tightship, VERSIONS=200, FILES=20)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
tightship=$(command -v "${TIGHTSHIP:-tightship}") || { echo "growth.sh: set TIGHTSHIP to the binary" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

set --
for times in 1 2 4 8; do
  repo=$work/x$times
  git init --quiet --bare "$repo"
  python3 "$here/make_versions.py" "${FILES:-20}" $((${VERSIONS:-200} * times)) | git -C "$repo" fast-import --quiet
  git -C "$repo" repack -adfq --depth=50 --window=10
  packed=$(du -ck "$repo"/objects/pack/*.pack | awk 'END { print $1 }')
  expanded=$(git -C "$repo" cat-file --batch-all-objects --batch-check='%(objectsize)' | awk '{ s += $1 } END { print int(s / 1000) }')
  echo "x$times: $packed kB packed, $expanded kB expanded"
  set -- "$@" "tightship-x$times='$tightship' audit --no-cache -q '$repo'" \
    "cat-file-x$times=git -C '$repo' cat-file --batch-all-objects --batch --unordered >/dev/null"
done
python3 "$here/../lib/measure.py" --rounds "${ROUNDS:-3}" --base tightship-x1 "$@"
