# A domain as its visitors reach it: by the system's resolver, at the usual ports, over IPv4 and IPv6, in a network of
# its own. First without a fault, then with some that only two checks together see, then a domain without www.
lab=$(realpath "$(dirname "$0")/../net/lab.bash")
. "$lab"
PATH=$PATH:/usr/sbin:/sbin
for program in openssl nginx knotd ip unshare; do command -v $program > /dev/null || skip "no $program"; done
unshare -rnm sh -c 'ip link set lo up && ip -6 addr add 2001:db8::10/128 dev lo' 2> /dev/null || skip "no namespaces, or no IPv6"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 3650 \
  -subj "/O=Let's Encrypt/CN=Lab CA" 2> /dev/null
make_leaf site DNS:shop.test,DNS:www.shop.test,DNS:app.shop.test,DNS:admin.shop.test,DNS:mta-sts.shop.test,DNS:bare.test -days 90
mkdir -p www/.well-known tmp run project
echo '<!doctype html><title>shop</title>' > www/index.html
printf 'version: STSv1\nmode: enforce\nmx: mx.shop.test\nmax_age: 604800\n' > www/.well-known/mta-sts.txt
echo ok > www/health
printf '[site]\ncanonical = "https://shop.test"\nhosts = ["app"]\n[[route]]\nurl = "/health"\nbody_contains = "ok"\n' \
  > project/tightship.toml
head_lines='server_tokens off; add_header Strict-Transport-Security "max-age=31536000" always; add_header X-Content-Type-Options nosniff always; add_header Content-Security-Policy "frame-ancestors '"'self'"'" always;'
cat > nginx.conf <<CONF
daemon off; master_process off; user root; pid $PWD/pid; events {}
http { access_log off; types { text/html html; text/plain txt; } $head_lines
client_body_temp_path $PWD/tmp; proxy_temp_path $PWD/tmp; fastcgi_temp_path $PWD/tmp; uwsgi_temp_path $PWD/tmp; scgi_temp_path $PWD/tmp;
ssl_certificate $PWD/site.pem; ssl_certificate_key $PWD/site.key; root $PWD/www;
server { listen 192.0.2.10:80; listen [2001:db8::10]:80; return 301 https://\$host\$request_uri; }
server { listen 192.0.2.10:443 ssl http2; listen [2001:db8::10]:443 ssl http2; server_name www.shop.test; return 301 https://shop.test\$request_uri; }
server { listen 192.0.2.10:443 ssl http2; listen [2001:db8::10]:443 ssl http2; server_name shop.test app.shop.test mta-sts.shop.test bare.test; } }
CONF
cat > knot.conf <<END
server:
  rundir: $PWD/run
  listen: [ 192.0.2.53@53, 198.51.100.53@53 ]
database:
  storage: $PWD/run
log:
  - target: stderr
    any: error
template:
  - id: default
    file: $PWD/%s.zone
    zonefile-sync: -1
zone:
  - domain: test.
  - domain: shop.test.
  - domain: bare.test.
  - domain: azurewebsites.net.
END
soa='@ SOA ns1 hostmaster 1 7200 1800 1209600 3600'
servers_of=$'@ NS ns1\n@ NS ns2\nns1 A 192.0.2.53\nns2 A 198.51.100.53'
zone() {  # NAME RECORDS
  printf '$ORIGIN %s.\n$TTL 300\n%s\n%s\n%s\n' "$1" "$soa" "$servers_of" "$2" > "$1.zone"
}
good='@ A 192.0.2.10
@ AAAA 2001:db8::10
www CNAME @
app CNAME @
mta-sts CNAME @
@ CAA 0 issue "letsencrypt.org"
@ MX 10 mx
mx A 192.0.2.25
@ TXT "v=spf1 mx -all"
s1._domainkey TXT "v=DKIM1; k=ed25519; p=ZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWU="
_dmarc TXT "v=DMARC1; p=reject; np=reject; rua=mailto:d@shop.test"
_mta-sts TXT "v=STSv1; id=1;"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:t@shop.test"'
zone test $'shop NS ns1.shop\nns1.shop A 192.0.2.53\nbare NS ns1.bare\nns1.bare A 192.0.2.53'
zone azurewebsites.net ''
zone bare.test $'@ A 192.0.2.10\n@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"'
zone shop.test "$good"
cp -r . ../faulty && cd ../faulty && sed -i "s|/case/|/faulty/|g" nginx.conf knot.conf
bad=${good/letsencrypt.org/digicert.com}
bad=${bad/2001:db8::10/2001:db8::11}
bad=${bad/app CNAME @/$'app A 192.0.2.10\napp CAA 0 issue "letsencrypt.org"'}
zone shop.test "$bad"$'\nadmin CNAME @\nblog CNAME shop-blog.azurewebsites.net.'
sed -i -e 's/ http2//g' -e '$d' nginx.conf
sed -i 's/ app.shop.test mta-sts/ mta-sts/' nginx.conf
cat >> nginx.conf <<'CONF'
server { listen 192.0.2.10:443 ssl; server_name mta-sts.shop.test shop.test bare.test; }
server { listen 192.0.2.10:443 ssl; server_name app.shop.test; location = /.env { return 200 "API_KEY=x\n"; } }
server { listen 192.0.2.10:443 ssl; server_name admin.shop.test; return 301 https://login.example/; } }
CONF
sed -i 's/"app"/"app", "admin"/' project/tightship.toml
echo nameserver 192.0.2.53 > ../resolv.conf
cat > ../inside.sh <<'INSIDE'
# FOLDER: its servers, and what is said of them.
cd "$work/$1" || exit 2
ip link set lo up
for address in 192.0.2.10/32 192.0.2.53/32 198.51.100.53/32; do ip addr add "$address" dev lo; done
for address in 2001:db8::10 2001:db8::11; do ip -6 addr add "$address/128" dev lo nodad; done
mount --bind "$work/resolv.conf" /etc/resolv.conf || exit 2
. "$2"
start 192.0.2.53 53 knotd -c knot.conf || exit 2
start 192.0.2.10 443 nginx -e stderr -p "$PWD" -c "$PWD/nginx.conf" || exit 2
calm() { sed -E -e 's/ {2,}/  /g' -e 's/(8[89]|90) days/N days/g' -e 's/[0-9]{4}-[0-9-]+ /DAY /'; }
on=(--domain shop.test --ca ca.pem)
if [ "$1" = case ]; then
  "$TIGHTSHIP" dns shop.test --ca ca.pem --snapshot "$work/dns.toml" --format concise
else
  on+=(--expect "$work/dns.toml")
fi
"$TIGHTSHIP" launch "${on[@]}" --all --passed project > screen; echo "status $?"
grep -E 'READY|^no problems|^ ?[0-9]+ |^DOMAIN MAP|^ [a-z.-]*shop.test|TLS-CAA' screen | cut -c1-100 | calm
"$TIGHTSHIP" handover "${on[@]}" project | sed -n '/begin domains/,/end redirects/p' | grep '^|\|^Expected' | calm
"$TIGHTSHIP" tls --ca ca.pem --format concise -v shop.test | calm; echo "status ${PIPESTATUS[0]}"
[ "$1" = case ] && exit
"$TIGHTSHIP" http --ca ca.pem --format concise bare.test; echo "status $?"
INSIDE
for folder in case faulty; do
  echo "== $folder"
  (cd .. && unshare -rnm bash inside.sh $folder "$lab")
done
