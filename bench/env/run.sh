#!/bin/bash
# tightship env beside dotenv-linter 4 (cargo install dotenv-linter): an env file of 20 000 keys, and the seven faults
# of a real env file. Times are user + system milliseconds, the median of ROUNDS runs; answers of the checks of form are
# compared. What dotenv-linter does grows with the square of the keys (20 000 take it most of a minute), so it gets
# PEER_KEYS of them, and once all with PEER_ALL=1.
#
#   bench/env/run.sh TIGHTSHIP [DOTENV_LINTER]
#   environment: KEYS (20000), PEER_KEYS (2000), PEER_ALL, ROUNDS (11), FILES (200), SHOW (3)
set -u
here=$(cd "$(dirname "$0")" && pwd)
tightship=$(realpath "$1")
peer=${2:-$(command -v dotenv-linter || true)}
keys=${KEYS:-20000}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

measure() { python3 "$here/../lib/measure.py" --direct --rounds "${ROUNDS:-11}" "$@"; }

mkdir "$work/large" "$work/part" "$work/real" "$work/one" "$work/seven" "$work/form"
awk -v n="$keys" 'BEGIN { srand(7); for (i = 0; i < n; ++i) printf "KEY_%06d=value%d\n", int(rand() * 1000000), i }' > "$work/large/.env"
head -n "${PEER_KEYS:-2000}" "$work/large/.env" > "$work/part/.env"
echo "A=1" > "$work/one/.env"
# Names, quotes, addresses and comments as real files have them.
awk -v n="$keys" 'BEGIN { for (i = 0; i < n; i += 8) printf "# service %d\nSERVICE_%d_URL=https://s%d.example.com/v1\nSERVICE_%d_TOKEN=\nSERVICE_%d_NAME=\"Service number %d\"\nNEXT_PUBLIC_SITE_%d=%d\nTIMEOUT_%d_MS=3000 # ms\nFEATURE_%d_ENABLED=true\nDB_%d_HOST=db%d.internal\nLOG_%d=info\n", i, i, i, i, i, i, i, i, i, i, i, i, i }' > "$work/real/.env"
echo "$keys keys in one group, unsorted; the same number as real files have them; one key (what a start costs)"
measure "tightship='$tightship' env --no-history '$work/large'" \
  "tightship-style='$tightship' env --style --no-history --format json '$work/large'" \
  "tightship-real='$tightship' env --no-history '$work/real'" \
  "tightship-one='$tightship' env --no-history '$work/one'"
if [ -n "$peer" ]; then
  echo
  echo "the first ${PEER_KEYS:-2000} of them:"
  measure "tightship='$tightship' env --no-history '$work/part'" "dotenv-linter='$peer' check --plain --quiet '$work/part/.env'"
  if [ -n "${PEER_ALL:-}" ]; then
    ROUNDS=1 measure --warmup 0 "dotenv-linter-all='$peer' check --plain --quiet '$work/large/.env'"
  fi
fi

token=$("$tightship" rules expand 'sk_live_{base62:24}' --seed 7)
cat > "$work/seven/.env.production" <<EOF
NEXT_PUBLIC_STRIPE_SECRET_KEY=$token
DATABASE_URL=postgres://shop:p#$("$tightship" rules expand '{base62:8}' --seed 8)@db.acme.io/shop
SMTP_PASSWORD=$("$tightship" rules expand '{lower:2}' --seed 8)\$$("$tightship" rules expand '{lower:6}' --seed 9)
JWT_SECRET=changeme
DEBUG=true
NEXTAUTH_URL=http://localhost:3000
TOKEN=\$(curl -s https://x.acme.io/token)
EOF
echo '{"dependencies":{"next":"16"}}' > "$work/seven/package.json"
(cd "$work/seven" && git init -q . && git add -A)
echo
echo "seven faults: a public secret, # and \$ that cut, a stand-in, debug, localhost, a command; and git tracks the file"
"$tightship" env --format concise "$work/seven" 2> /dev/null | sed 's/^/  tightship: /'
if [ -n "$peer" ]; then (cd "$work/seven" && "$peer" check --plain --quiet .env.production | sed 's/^/  dotenv-linter: /'); fi
[ -n "$peer" ] || { echo "dotenv-linter is not here: cargo install dotenv-linter"; exit 0; }

# Checks of form, line by line, on files made at random from pieces that both know.
echo
differ=0 files=0
for seed in $(seq 1 "${FILES:-200}"); do
  awk -v seed="$seed" 'BEGIN {
    srand(seed)
    n = split("A=1|B=2|A=3|c=4|D-E=5|F|G= 6|H =7|I=\"j\"|K=l m|N=${O|P=${Q}|R=1 |. S=1| T=1||| |# note|U=\"v w\"|W=x#y|Y=$Z|AA='"'"'b'"'"'|BB=\"c#d\"|_C=1|export EE=1", piece, "|")
    lines = 1 + int(rand() * 8)
    for (i = 0; i < lines; ++i) printf "%s\n", piece[1 + int(rand() * n)]
  }' > "$work/form/.env"
  "$peer" check --plain --quiet "$work/form/.env" 2> /dev/null | sed -nE 's/^.*:([0-9]+) ([A-Za-z]+): .*/\1 \2/p' | sort > "$work/theirs"
  "$tightship" env --style --no-history --format concise -v "$work/form" 2> /dev/null | sed -nE 's/^.*:([0-9]+):[0-9]+: [a-z]+\[([A-Z][a-z][A-Za-z]+)\].*/\1 \2/p' | sort > "$work/ours"
  files=$((files + 1))
  if ! cmp -s "$work/theirs" "$work/ours"; then
    differ=$((differ + 1))
    if [ "$differ" -le "${SHOW:-3}" ]; then cat -A "$work/form/.env"; diff "$work/theirs" "$work/ours" | sed 's/^</dotenv-linter only:/; s/^>/tightship only:/'; fi
  fi
done
echo "checks of form: $((files - differ)) of $files files alike"
