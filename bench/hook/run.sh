#!/bin/bash
# What the hooks cost: whole process, CPU and wall, medians of ROUNDS interleaved rounds, beside peers and
# the floor: git looking at one commit.
#
#   bench/hook/run.sh CLONE      a clone of any repository; it is cloned again, and not touched
#
# TIGHTSHIP=path of the program, ROUNDS=20, PEERS="gitleaks betterleaks kingfisher ripsecrets" (those that are
# on PATH; "" for none). Peers do the nearest thing that they offer: a range of commits, what is staged, or
# (ripsecrets) the files by name.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tightship=${TIGHTSHIP:-$here/../../build/release/tightship}
rounds=${ROUNDS:-20}
[ $# -eq 1 ] || { sed -n '2,9p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache
git clone -q --no-local "$1" "$work/clone"
cd "$work/clone"
git config user.name bench && git config user.email bench@example.com
mapfile -t files < <(git ls-files | grep -E '\.(c|h|py|js|ts|go|rs|java|rb|php|sh|md)$' | grep -v ' ' | head -n 10)
for file in "${files[@]}"; do seq -f "a changed line, number %g" 20 >> "$file"; done
git commit -qam "ten files"
tip=$(git rev-parse HEAD)
zero=$(printf '0%.0s' $(seq ${#tip}))
peers=()
for peer in ${PEERS-gitleaks betterleaks kingfisher ripsecrets}; do
  if command -v "$peer" > /dev/null; then peers+=("$peer"); else echo "run.sh: $peer is not on PATH and is left out" >&2; fi
done

# measure TITLE STDIN ROUNDS NAME=COMMAND...
measure() {
  local title=$1 given=$2 count=$3
  shift 3
  printf '%s\n' "$given" > "$work/in"
  echo "== $title"
  python3 "$here/../lib/measure.py" --direct --stdin "$work/in" --rounds "$count" --ok 0,1,200 --base "git rev-list -1" \
    "git rev-list -1=git rev-list -1 HEAD" "$@"
}

# peers_of range BASE | staged: fills `others`
peers_of() {
  others=()
  local peer tool
  for peer in "${peers[@]}"; do
    tool=$(command -v "$peer")
    case $peer-$1 in
      gitleaks-range | betterleaks-range) others+=("$peer=$tool git --log-opts=$2..HEAD --no-banner .") ;;
      gitleaks-staged | betterleaks-staged) others+=("$peer=$tool git --staged --no-banner .") ;;
      kingfisher-range) others+=("$peer=$tool scan . --no-validate --no-update-check --since-commit $2 --branch HEAD") ;;
      # --staged of kingfisher leaves commits behind in the repository: not run.
      ripsecrets-*) [ "${2:-HEAD~1}" != HEAD~1 ] || others+=("$peer=$tool --strict-ignore ${files[*]}") ;;
    esac
  done
}

for count in 1 100 1000; do
  base=$(git rev-parse -q --verify "HEAD~$count" || true)
  [ -n "$base" ] || continue
  others=()
  [ "$count" -gt 100 ] || peers_of range "HEAD~$count"
  n=$rounds
  [ "$count" -eq 1 ] || n=$((rounds > 5 ? 5 : rounds))
  measure "push of $(git rev-list --count "$base..HEAD") commits (HEAD~$count)" \
    "refs/heads/x $tip refs/heads/x $base" "$n" \
    "true=true" "tightship=$tightship hook run pre-push bench $work/nowhere" "${others[@]}"
done
rm -rf "$work/cache"
measure "first push of everything" "refs/heads/x $tip refs/heads/x $zero" 3 \
  "tightship, no cache=env TIGHTSHIP_CACHE=off $tightship hook run pre-push bench $work/nowhere" \
  "tightship=$tightship hook run pre-push bench $work/nowhere"
for file in "${files[@]}"; do echo "again" >> "$file"; done
git add -u
peers_of staged
measure "ten staged files" "" "$rounds" "tightship=$tightship hook run pre-commit" "${others[@]}"
