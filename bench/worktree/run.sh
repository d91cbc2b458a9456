#!/bin/sh
# Scans one large folder with tightship and with its peers, in turns.
#
# usage: bench/worktree/run.sh DIR | REPOSITORY-URL
# environment: ROUNDS (5), OUT (folder for the answers); TIGHTSHIP, GITLEAKS, BETTERLEAKS, RIPSECRETS:
# the programs. Name the program itself where a version manager puts a script before it: the script's
# time would be counted.
#
# DIR is copied without its .git, so that every tool reads the same files and no tool spends time on
# ignore rules; a URL is cloned first (one commit). Into the copy goes one file with a GitHub token
# made on the spot, with a valid checksum; the figures count only when every tool found it.
# "limit" reads every file once and does nothing with it: nothing that scans can be faster.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
rounds=${ROUNDS:-5}
tightship=${TIGHTSHIP:-tightship}
source=${1:?usage: run.sh DIR-or-REPOSITORY-URL}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
tree=$work/tree
out=${OUT:-$work/answers}
mkdir -p "$tree" "$out"

if [ ! -d "$source" ]; then
  git clone --quiet --depth 1 "$source" "$work/clone"
  source=$work/clone
fi
(cd "$source" && tar cf - --exclude=./.git --exclude='*/.git' .) | (cd "$tree" && tar xf -)
mkdir -p "$tree/planted"
token=$(python3 "$here/plant.py" "$tree/planted/settings.py")

# The tool's full path: measure.py runs under python3, and a version manager that starts python3 may put
# folders before PATH in which another program has the same name.
locate() { # name, how to install it
  command -v "$1" && return 0
  echo "run.sh: $1 is left out: $2" >&2
  return 1
}
ship=$(locate "$tightship" "set TIGHTSHIP to the binary") || exit 2

# NAME=COMMAND arguments of measure.py; each command leaves its answer in $out/NAME.
set -- "tightship='$ship' scan --format json '$tree' >'$out/tightship'"
if tool=$(locate "${GITLEAKS:-gitleaks}" "go install github.com/zricethezav/gitleaks/v8@latest"); then
  set -- "$@" "gitleaks='$tool' dir --no-banner --report-format json --report-path '$out/gitleaks' '$tree'"
fi
if tool=$(locate "${BETTERLEAKS:-betterleaks}" "go install github.com/betterleaks/betterleaks@latest"); then
  # The report's format follows from the name of its file.
  set -- "$@" "betterleaks='$tool' fs '$tree' --no-banner --output '$out/betterleaks.json' && status=0 || status=\$?; mv '$out/betterleaks.json' '$out/betterleaks'; exit \$status"
fi
if tool=$(locate "${RIPSECRETS:-ripsecrets}" "cargo install --git https://github.com/sirwart/ripsecrets"); then
  set -- "$@" "ripsecrets='$tool' '$tree' >'$out/ripsecrets'"
fi
set -- "$@" "limit=tar cf - -C '$tree' . | cat >/dev/null"

echo "$(find "$tree" -type f | wc -l) files, $(du -sk --apparent-size "$tree" | cut -f1) KiB"
python3 "$here/../lib/measure.py" --rounds "$rounds" --base tightship "$@"

echo
status=0
for command in "$@"; do
  name=${command%%=*}
  [ "$name" = limit ] && continue
  # tightship masks the token: its answer names the file instead.
  if grep -q -e "$token" -e planted/settings.py "$out/$name" 2>/dev/null; then
    echo "$name found the planted token"
  else
    echo "$name did NOT find the planted token"
    status=1
  fi
done
exit $status
