# A zone is taken down as it is; then it changes.
PATH=$PATH:/usr/sbin:/sbin
command -v knotd > /dev/null || skip "knot is not installed"
port=$((20000 + $$ % 20000))
mkdir run
cat > knot.conf << END
server:
  rundir: $PWD/run
  listen: 127.0.0.55@$port
database:
  storage: $PWD/run
log:
  - target: stderr
    any: error
zone:
  - domain: shop.test.
    file: $PWD/zone
    zonefile-sync: -1
END
cat > zone << 'END'
$ORIGIN shop.test.
$TTL 300
@ SOA ns1 hostmaster 1 7200 1800 1209600 3600
@ NS ns1
ns1 A 127.0.0.55
@ A 192.0.2.1
@ AAAA 2001:db8::1
www CNAME @
@ MX 10 mx
mx A 192.0.2.25
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@shop.test"
s1._domainkey TXT "v=DKIM1; k=ed25519; p=ZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWU="
END
serve() {
  knotd -c knot.conf & server=$!
  for _ in $(seq 100); do (exec 3<> "/dev/tcp/127.0.0.55/$port") 2> /dev/null && return; sleep 0.05; done
}
stop() { kill "$server"; wait "$server" 2> /dev/null; }
trap stop EXIT
# Names outside of the zone are refused by this server: the parent's part is left out.
dns() { "$TIGHTSHIP" dns shop.test --resolver 127.0.0.55:$port --server-port $port --timeout 1000 "$@"; }

serve
dns --authoritative --mail --snapshot dns.toml -q > /dev/null; echo "status $?"
cat dns.toml
stop
sed -i -e 's/MX 10 mx/MX 20 mx/' -e 's/p=reject/p=none/' zone
serve
dns --expect dns.toml -q --format concise; echo "status $?"
