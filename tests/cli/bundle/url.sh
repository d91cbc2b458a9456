# A page that nginx serves: its scripts, their chunks and maps, and an env file that must not be there.
command -v nginx > /dev/null || PATH=$PATH:/usr/sbin
command -v nginx > /dev/null || skip "no nginx"
. "$(dirname "$0")/fill.bash"
fill vite shop
mkdir -p "$work/nginx"
for port in 18431 18437 18443 18451; do
  cat > "$work/nginx/conf" << CONF
$([ "$(id -u)" = 0 ] && echo "user root;") daemon on; pid $work/nginx/pid; error_log $work/nginx/error.log; worker_processes 1;
events { worker_connections 64; }
http {
  access_log off; client_body_temp_path $work/nginx/b; proxy_temp_path $work/nginx/p; fastcgi_temp_path $work/nginx/f;
  uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
  types { text/html html; text/javascript js; application/json map; } gzip on; gzip_types text/javascript; gzip_min_length 1;
  server { listen 127.0.0.1:$port; root $work/case/shop/dist; location / { try_files \$uri /index.html; } }
}
CONF
  nginx -c "$work/nginx/conf" -p "$work/nginx" 2> /dev/null && break
done
[ -s "$work/nginx/pid" ] || skip "nginx does not start"
trap 'kill "$(cat "$work/nginx/pid")"' EXIT
"$TIGHTSHIP" bundle shop --url "http://127.0.0.1:$port/" --format concise 2>&1 | sed "s/:$port/:PORT/g"
cp shop/.env shop/dist/.env
"$TIGHTSHIP" bundle shop --url "http://127.0.0.1:$port/" --format concise 2>&1 | sed "s/:$port/:PORT/g" | grep DOTFILES
"$TIGHTSHIP" bundle shop --url "http://127.0.0.1:$port/" --format concise --max-requests 2 2>&1 | sed "s/:$port/:PORT/g" | tail -3
