#!/bin/bash
# tightship tls on loopback: one host, and twenty at once; with an answer at once, and with a network that takes
# 50 ms there and back. Every host: one full handshake, three forced versions, four hand-made hellos, one without a name.
# With TESTSSL=1 testssl.sh is run on the same server, for protocols, ciphers and server defaults.
#
# The servers run on the processors that are measured, so the figures of "at once" are theirs as much as ours: what
# tells whether hosts wait for one another are those with a network. Status 1 when twenty hosts there take more than twice
# one. REALTIME=1 (root) keeps whatever else runs on the machine out of the figures.
#
# usage: bench/net/run.sh     (ROUNDS=20, TIGHTSHIP=tightship, REALTIME=0, TESTSSL=0)   needs nginx, openssl, c++
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tightship=$(command -v "${TIGHTSHIP:-tightship}") || { echo "run.sh: set TIGHTSHIP to the binary" >&2; exit 2; }
tightship=$(realpath "$tightship")
PATH=$PATH:/usr/sbin:/sbin
command -v nginx > /dev/null || { echo "run.sh: no nginx" >&2; exit 2; }
work=$(mktemp -d)
cd "$work"
. "$here/../../tests/cli/net/lab.bash"
trap 'stop_servers; rm -rf "$work"' EXIT INT TERM
hosts=20
names=
for ((i = 1; i <= hosts; ++i)); do names+="${names:+,}DNS:h$i.test"; done
make_ca
make_leaf site "$names" -days 90
mkdir tmp
port=$(free_port) slow=$(free_port)
cat > nginx.conf <<CONF
daemon off; pid $work/pid; worker_processes 2; events {}
http { access_log off; client_body_temp_path $work/tmp; proxy_temp_path $work/tmp; fastcgi_temp_path $work/tmp;
uwsgi_temp_path $work/tmp; scgi_temp_path $work/tmp; ssl_certificate $work/site.pem; ssl_certificate_key $work/site.key;
server { listen 127.0.0.1:$port ssl; return 204; } }
CONF
ours=() theirs=()
[ "${REALTIME:-0}" = 1 ] && ours=(chrt -f 1) theirs=(chrt -f 2)
start 127.0.0.1 "$port" "${theirs[@]}" nginx -e stderr -p "$work" -c "$work/nginx.conf"
"${CXX:-c++}" -std=c++20 -O2 -o delay "$here/delay.cpp"
start 127.0.0.1 "$slow" "${theirs[@]}" ./delay "$slow" "$port" 25

list() {  # PORT COUNT: arguments for that many hosts
  for ((i = 1; i <= $2; ++i)); do echo "h$i.test:$1 --resolve h$i.test:$1:127.0.0.1"; done
}
measure() {  # NAME ARGUMENTS...: median of the wall milliseconds, and of the CPU milliseconds of one process
  local name=$1 wall cpu
  shift
  for ((round = 0; round < ${ROUNDS:-20}; ++round)); do
    TIMEFORMAT='%R %U %S'
    { time "${ours[@]}" "$tightship" tls -q --only-named --ca ca.pem "$@" -o json:out.json || { cat out.json >&2; exit 1; }; } 2>> times
  done
  wall=$(awk '{ print $1 * 1000 }' times | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }')
  cpu=$(awk '{ print ($2 + $3) * 1000 }' times | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }')
  printf '%-34s %6.0f ms wall %6.0f ms CPU\n' "$name" "$wall" "$cpu"
  rm times
  last=$wall
}
# shellcheck disable=SC2046
{
  measure "one host" $(list "$port" 1)
  measure "twenty hosts" $(list "$port" "$hosts")
  measure "one host, 50 ms away" $(list "$slow" 1)
  one=$last
  measure "twenty hosts, 50 ms away" $(list "$slow" "$hosts")
}
awk -v one="$one" -v twenty="$last" 'BEGIN { printf "%-34s %6.2f\n", "twenty hosts to one, 50 ms away", twenty / one; exit twenty > 2 * one }'
if [ "${TESTSSL:-0}" = 1 ]; then
  testssl=$(command -v testssl || command -v testssl.sh)
  begin=$SECONDS
  "$testssl" --quiet --color 0 --warnings off --add-ca ca.pem --ip 127.0.0.1 -p -s -S "h1.test:$port" > /dev/null 2>&1 < /dev/null || true
  printf '%-34s %6d s wall\n' "testssl.sh -p -s -S, one host" $((SECONDS - begin))
fi
