#!/bin/bash
# What the pre-push hook costs: whole process, wall and CPU, median of ROUNDS (20), side by side.
#
#   bench/hook/run.sh CLONE      a clone of any repository; it is cloned again, and not touched
#
# TIGHTSHIP=path of the program, ROUNDS=20, PEERS="gitleaks betterleaks kingfisher" (those that are there; "" for none).
# Peers scan the same commits in the way they offer: a range of git log.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
tightship=${TIGHTSHIP:-$root/build/release/tightship}
rounds=${ROUNDS:-20}
peers=${PEERS-gitleaks betterleaks}
[ $# -eq 1 ] || { sed -n '2,7p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q --no-local "$1" "$work/clone"
cd "$work/clone"
git config user.name bench && git config user.email bench@example.com
mapfile -t files < <(git ls-files | grep -E '\.(c|h|py|js|ts|go|rs|java|rb|php|sh|md)$' | head -n 10)
for file in "${files[@]}"; do echo "changed" >> "$file"; done
git commit -qam "ten files"
tip=$(git rev-parse HEAD)
zero=$(printf '0%.0s' $(seq ${#tip}))

# measure NAME COMMAND...: standard input is $work/in
measure() {
  local name=$1
  shift
  python3 - "$rounds" "$name" "$work/in" "$@" <<'PY'
import os, resource, statistics, subprocess, sys, time
rounds, name, given, command = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]
wall, cpu = [], []
for _ in range(rounds):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with open(given) as stdin:
        subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall.append(time.perf_counter() - start)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
print(f"{name:44} wall {statistics.median(wall)*1000:9.1f} ms   cpu {statistics.median(cpu)*1000:9.1f} ms")
PY
}

: > "$work/in"
measure "trivial process (true)" true
measure "git rev-list -1 HEAD" git rev-list -1 HEAD
for count in 1 100 1000; do
  base=$(git rev-parse -q --verify "HEAD~$count" || true)
  [ -n "$base" ] || continue
  echo "refs/heads/x $tip refs/heads/x $base" > "$work/in"
  measure "tightship hook run, HEAD~$count" "$tightship" hook run pre-push bench "$work/nowhere"
  for peer in $peers; do
    command -v "$peer" > /dev/null || continue
    [ "$count" -le 100 ] || continue
    measure "$peer, HEAD~$count" "$peer" git --log-opts="$base..HEAD" --no-banner .
  done
done
echo "refs/heads/x $tip refs/heads/x $zero" > "$work/in"
rounds=3 measure "tightship hook run, first push of everything" "$tightship" hook run pre-push bench "$work/nowhere"
for file in "${files[@]}"; do echo "again" >> "$file"; done
git add -u
: > "$work/in"
measure "tightship hook run pre-commit, ten files" "$tightship" hook run pre-commit
