#!/bin/sh
# Start-up: a process that does nothing, the version, and the scan of an empty folder and of an empty
# repository.
#
# usage: bench/start/run.sh     (ROUNDS=30, TIGHTSHIP=tightship)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tightship=$(command -v "${TIGHTSHIP:-tightship}") || { echo "run.sh: set TIGHTSHIP to the binary" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
mkdir "$work/empty"
git init --quiet "$work/repo"
python3 "$here/../lib/measure.py" --rounds "${ROUNDS:-30}" --base trivial \
  "trivial=true; /bin/true" "version='$tightship' --version" \
  "empty-folder='$tightship' scan '$work/empty'" "empty-repository='$tightship' scan '$work/repo'"
