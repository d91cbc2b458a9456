# Name servers, certificates and pages of one domain on one screen, and in the handover document.
. "$(dirname "$0")/../net/lab.bash"
PATH=$PATH:/usr/sbin:/sbin
command -v openssl > /dev/null || skip "no openssl"
command -v nginx > /dev/null || skip "no nginx"
command -v knotd > /dev/null || skip "no knot"
[ "$(id -u)" -eq 0 ] || skip "ports 80 and 443 are for root"
make_ca
make_leaf site DNS:shop.test,DNS:www.shop.test -days 5
mkdir -p www tmp run project
echo '<!doctype html><title>shop</title>' > www/index.html
cat > nginx.conf <<CONF
daemon off; master_process off; pid $PWD/pid; events {}
http { access_log off; types { text/html html; } server_tokens off;
client_body_temp_path $PWD/tmp; proxy_temp_path $PWD/tmp; fastcgi_temp_path $PWD/tmp; uwsgi_temp_path $PWD/tmp; scgi_temp_path $PWD/tmp;
ssl_certificate $PWD/site.pem; ssl_certificate_key $PWD/site.key; add_header Strict-Transport-Security "max-age=31536000" always;
server { listen 127.0.0.57:80; return 301 https://\$host\$request_uri; }
server { listen 127.0.0.57:443 ssl; server_name www.shop.test; return 301 https://shop.test\$request_uri; }
server { listen 127.0.0.57:443 ssl; server_name shop.test; root $PWD/www; } }
CONF
start 127.0.0.57 443 nginx -e stderr -p "$PWD" -c "$PWD/nginx.conf"
port=$((20000 + $$ % 20000))
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
@ A 127.0.0.57
www CNAME @
@ CAA 0 issue "letsencrypt.org"
@ MX 10 mx
mx A 192.0.2.25
@ TXT "v=spf1 mx -all"
END
start 127.0.0.55 $port knotd -c "$PWD/knot.conf"
flags=(--domain shop.test --resolver 127.0.0.55:$port --server-port $port --ca ca.pem)
for name in shop.test www.shop.test; do flags+=(--resolve "$name:80:127.0.0.57" --resolve "$name:443:127.0.0.57"); done
"$TIGHTSHIP" launch "${flags[@]}" project > screen; echo "status $?"
grep -E 'READY|^ ?[0-9]+ ' screen | cut -c1-64 | sed -E 's/ {2,}/  /g'
"$TIGHTSHIP" launch "${flags[@]}" --all project | grep -E '^DOMAIN MAP|^ (www.)?shop.test' | sed -E -e 's/ {2,}/  /g' -e 's/[45] days/N days/'
"$TIGHTSHIP" launch "${flags[@]}" --json project | grep -E '"(tls_days|redirect)"' | sed -E 's/: [45]/: N/' | sort | uniq -c | sed 's/^ *//'
"$TIGHTSHIP" handover "${flags[@]}" project | sed -n '/^# Handover/p; /begin domains/,/end redirects/p' | sed -E -e 's/[0-9]{4}-[0-9-]+ /DAY /' -e 's/[45] days/N days/'
# What cannot be asked, said before anything is sent.
for flags in '--domain https://shop.test/' '--domain shop.test --expect missing.toml' '--expect dns.toml'; do
  for command in launch handover; do "$TIGHTSHIP" $command $flags project; echo "status $?"; done
done
# Without --domain nothing is asked.
"$TIGHTSHIP" launch --resolver 192.0.2.1 project | grep 'Not checked'
