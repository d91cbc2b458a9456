# Certificates and servers for the cases of this folder. Sourced.

# A port that was free a moment ago.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
  done
  echo "$port"
}

# make_ca; make_leaf NAME "DNS:a.test,DNS:b.test" [openssl x509 flags...]
make_ca() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 3650 \
    -subj '/CN=Lab CA' 2> /dev/null
}
# $key: another kind of key than P-256, as openssl req -newkey names it.
make_leaf() {
  local name=$1 names=$2
  shift 2
  # shellcheck disable=SC2086
  openssl req -newkey ${key:-ec -pkeyopt ec_paramgen_curve:P-256} -nodes -keyout "$name.key" -out "$name.csr" \
    -subj "/CN=$name" 2> /dev/null
  openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -out "$name.pem" \
    -extfile <(echo "subjectAltName=$names") "$@" 2> /dev/null
}

# start ADDRESS PORT COMMAND...: in the background, until it listens; stopped when the case ends.
servers=()
start() {
  local address=$1 port=$2 tries
  shift 2
  "$@" > /dev/null 2>&1 < /dev/null &
  servers+=($!)
  for ((tries = 0; tries < 500; ++tries)); do
    (exec 3<> "/dev/tcp/$address/$port") 2> /dev/null && return 0
    kill -0 "${servers[-1]}" 2> /dev/null || break
    sleep 0.02
  done
  echo "$1 does not listen on $address:$port" >&2
  return 1
}
stop_servers() {
  local server
  for server in "${servers[@]}"; do kill "$server" 2> /dev/null; done
  wait 2> /dev/null
}
trap stop_servers EXIT

# What differs from run to run.
hide_ports() { sed -E 's/:[0-9]{5}\b/:PORT/g'; }
