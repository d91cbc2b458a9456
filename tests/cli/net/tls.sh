# A host without a fault, one whose certificate is for another name and ends soon, and what CI reads of both.
. "$(dirname "$0")/lab.bash"
command -v openssl > /dev/null || skip "no openssl"
make_ca
make_leaf good DNS:good.test -days 90
make_leaf bad DNS:other.test -days 80
port=$(free_port)
start 127.0.0.1 "$port" openssl s_server -quiet -accept "127.0.0.1:$port" -cert good.pem -key good.key -alpn h2
bad=$(free_port)
start 127.0.0.1 "$bad" openssl s_server -quiet -accept "127.0.0.1:$bad" -cert bad.pem -key bad.key

rules=(--ca ca.pem --resolve "good.test:$port:127.0.0.1" --resolve "bad.test:$bad:127.0.0.1")
said() {
  echo "\$ tightship $(hide_ports <<< "$*")"
  "$TIGHTSHIP" "$@" "${rules[@]}" > out 2> err
  status=$?
  cat out err | hide_ports | sed -E -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}/DAY/g' -e 's/DAY  (89|90)$/DAY  DAYS/'
  echo "status $status"
}
said tls "good.test:$port"
"$TIGHTSHIP" tls "bad.test:$bad" "${rules[@]}" --now "$(date -u -d '+76 days' +%Y-%m-%d)" 2>&1 |
  hide_ports | sed -E -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}/DAY/g' -e 's/ [34] (days|of its)/ N \1/' -e 's/DAY  [34]$/DAY  DAYS/'
said tls --format concise "bad.test:$bad" "good.test:$port"
said tls -q --format json "bad.test:$bad" > /dev/null
grep -oE '"(id|versions|complete)": .*[^,]' out
said tls "127.0.0.1:$(free_port)"
said tls 'no host'
said tls --format gitlab good.test
said tls
printf '[site]\ncanonical = "https://good.test:%s"\n' "$port" > tightship.toml
said tls --format concise
