#!/bin/sh
# What an audit costs when nothing, or little, has changed since the last one.
#
# usage: bench/history/repeat.sh REPOSITORY     (ROUNDS=5, TIGHTSHIP=tightship)
#
# REPOSITORY is cloned; the cache is a folder of the benchmark's own. The first audit is measured with an
# empty cache each time (--no-cache beside it shows what keeping costs), the second one with the answer for
# the very same state, the third one with a new commit on top: only its objects are read.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
tightship=$(command -v "${TIGHTSHIP:-tightship}") || { echo "repeat.sh: set TIGHTSHIP to the binary" >&2; exit 2; }
source=${1:?usage: repeat.sh REPOSITORY}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
git clone --quiet --bare "$source" "$work/repo"
git clone --quiet --bare "$work/repo" "$work/grown"
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@example.com
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@example.com
mkdir "$work/known" "$work/known-grown"

XDG_CACHE_HOME=$work/known "$tightship" audit -q -o "$work/first.json" "$work/repo" || [ $? -eq 1 ]
XDG_CACHE_HOME=$work/known "$tightship" audit -q -o "$work/second.json" "$work/repo" || [ $? -eq 1 ]
"$tightship" audit --no-cache -q -o "$work/plain.json" "$work/repo" || [ $? -eq 1 ]
for report in first second plain; do
  sed -E 's/"seconds": *[0-9.e-]+/"seconds": 0/' "$work/$report.json" > "$work/$report"
done
cmp -s "$work/first" "$work/plain" && cmp -s "$work/second" "$work/plain" ||
  { echo "repeat.sh: the reports differ: $work is kept" >&2; trap - EXIT; exit 1; }

XDG_CACHE_HOME=$work/known-grown "$tightship" audit -q "$work/grown" > /dev/null || [ $? -eq 1 ]
tree=$(git -C "$work/grown" rev-parse 'HEAD^{tree}')
git -C "$work/grown" update-ref HEAD "$(git -C "$work/grown" commit-tree -p HEAD -m more "$tree")"

python3 "$here/../lib/measure.py" --rounds "${ROUNDS:-5}" --base no-cache \
  "no-cache='$tightship' audit --no-cache -q '$work/repo'" \
  "first=rm -rf '$work/empty'; XDG_CACHE_HOME='$work/empty' '$tightship' audit -q '$work/repo'" \
  "again=XDG_CACHE_HOME='$work/known' '$tightship' audit -q '$work/repo'" \
  "one-commit-more=rm -rf '$work/copy'; cp -a '$work/known-grown' '$work/copy'; XDG_CACHE_HOME='$work/copy' '$tightship' audit -q '$work/grown'"
du -sk "$work/known" | awk '{ print "kept: " $1 " kB" }'
