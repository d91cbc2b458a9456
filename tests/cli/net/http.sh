# A good site, a site with a loop, a leaked file and a failing route, and what is refused before anything is sent.
. "$(dirname "$0")/lab.bash"
command -v openssl > /dev/null || skip "no openssl"
PATH=$PATH:/usr/sbin:/sbin
command -v nginx > /dev/null || skip "no nginx"
make_ca
make_leaf site DNS:a.test,DNS:www.a.test -days 90
mkdir -p www tmp
echo '<!doctype html><title>shop</title>' > www/index.html
plain=$(free_port) secure=$(free_port)

# serve WWW_DIRECTIVES
serve() {
  cat > nginx.conf <<CONF
daemon off; master_process off; pid $PWD/pid; events {}
http { access_log off; types { text/html html; } server_tokens off;
client_body_temp_path $PWD/tmp; proxy_temp_path $PWD/tmp; fastcgi_temp_path $PWD/tmp; uwsgi_temp_path $PWD/tmp; scgi_temp_path $PWD/tmp;
ssl_certificate $PWD/site.pem; ssl_certificate_key $PWD/site.key; add_header Strict-Transport-Security "max-age=31536000" always;
server { listen 127.0.0.1:$plain; return 301 https://\$host\$request_uri; }
server { listen 127.0.0.1:$secure ssl; server_name a.test; return 301 https://www.a.test\$request_uri; }
server { listen 127.0.0.1:$secure ssl; server_name www.a.test; root $PWD/www; $1 } }
CONF
  start 127.0.0.1 "$secure" nginx -e stderr -p "$PWD" -c "$PWD/nginx.conf"
}
flags=(--ca ca.pem)
for name in a.test www.a.test; do
  flags+=(--connect-to "$name:80:127.0.0.1:$plain" --connect-to "$name:443:127.0.0.1:$secure")
done
said() {
  echo "\$ tightship $*"
  "$TIGHTSHIP" "$@" "${flags[@]}" > out 2> err
  status=$?
  cat out err | sed -E -e 's/ms +served by/ms  served by/' -e 's/^(  (http|GET|HEAD).*[^ ] +)[0-9]+$/\1MS/'
  echo "status $status"
}
serve ''
said http a.test
said http --format concise www.a.test
stop_servers
servers=()

echo 'STRIPE_SECRET_KEY=x' > www/.env
serve 'location = /health { return 503; } location = / { return 301 https://a.test/; }'
printf '[site]\ncanonical = "https://www.a.test"\n[[route]]\nurl = "/health"\n' > tightship.toml
said http
said http --format concise --severity error
stop_servers
servers=()

said http --latency 0 a.test
said http --update-baseline a.test
said http a.test:8443
printf '[[route]]\nurl = "/x"\nmethod = "POST"\n' > tightship.toml
said http a.test
