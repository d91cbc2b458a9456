#!/bin/sh
# Audits the whole history of a repository with tightship and its peers, in turns, beside the limit:
# git's own reader printing every object.
#
# usage: bench/history/run.sh REPOSITORY     (ROUNDS=3, TIGHTSHIP=tightship, PEERS="gitleaks betterleaks kingfisher")
#
# REPOSITORY must be complete (a full clone). A copy of it gets one commit with a GitHub token made on
# the spot, with a valid checksum; the figures count only when every tool found it. Peers that are
# not on PATH are left out, and it is said.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
rounds=${ROUNDS:-3}
tightship=${TIGHTSHIP:-tightship}
peers=${PEERS-gitleaks betterleaks kingfisher}
source=${1:?usage: run.sh REPOSITORY}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
repo=$work/repo
out=$work/answers
mkdir -p "$out"
git clone --quiet --bare "$source" "$repo"
python3 "$here/../worktree/plant.py" "$work/settings.py" > "$work/token"
token=$(cat "$work/token")
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@example.com
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@example.com
blob=$(git -C "$repo" hash-object -w "$work/settings.py")
tree=$( (git -C "$repo" ls-tree HEAD; printf '100644 blob %s\tplanted-settings.py\n' "$blob") | git -C "$repo" mktree)
commit=$(git -C "$repo" commit-tree -p HEAD -m planted "$tree")
git -C "$repo" update-ref HEAD "$commit"

locate() {
  command -v "$1" && return 0
  echo "run.sh: $1 is not on PATH and is left out" >&2
  return 1
}
ship=$(locate "$tightship") || exit 2

set -- "tightship='$ship' audit --no-cache --format json --show-secrets --yes '$repo' >'$out/tightship'" \
  "tightship-1-thread='$ship' audit --no-cache --threads 1 --format json --show-secrets --yes '$repo' >'$out/tightship-1-thread'" \
  "git-cat-file=git -C '$repo' cat-file --batch-all-objects --batch --unordered >/dev/null"
for peer in $peers; do
  tool=$(locate "$peer") || continue
  case $peer in
    gitleaks) set -- "$@" "gitleaks='$tool' git '$repo' --no-banner --report-format json --report-path '$out/gitleaks'" ;;
    betterleaks) set -- "$@" "betterleaks='$tool' git '$repo' --no-banner --output '$out/betterleaks.json'; s=\$?; mv '$out/betterleaks.json' '$out/betterleaks'; exit \$s" ;;
    kingfisher) set -- "$@" "kingfisher='$tool' scan '$repo' --no-validate --no-update-check --format json --output '$out/kingfisher'" ;;
  esac
done

python3 "$here/../lib/measure.py" --rounds "$rounds" --ok 0,1,200 --base git-cat-file "$@"
for answer in "$out"/*; do
  if grep -q "$token" "$answer"; then
    echo "$(basename "$answer"): found the planted token"
  else
    echo "$(basename "$answer"): did NOT find the planted token: its time does not count"
    missed=1
  fi
done
exit "${missed:-0}"
