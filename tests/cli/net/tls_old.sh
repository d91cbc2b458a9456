# Ciphers that Debian's OpenSSL was built without, from a server that has them. gnutls-serv listens on all addresses,
# so it runs in a network namespace of its own.
. "$(dirname "$0")/lab.bash"
command -v openssl > /dev/null || skip "no openssl"
command -v gnutls-serv > /dev/null || skip "no gnutls-serv"
unshare -rn ip link set lo up 2> /dev/null || skip "no network namespaces here"
make_ca
key=rsa:2048 make_leaf old DNS:old.test -days 90
cat > inside.sh <<'INSIDE'
ip link set lo up
. "$1"
start 127.0.0.1 5443 gnutls-serv --port 5443 --x509certfile old.pem --x509keyfile old.key \
  --priority 'NORMAL:+3DES-CBC:+ARCFOUR-128:+RSA:+VERS-TLS1.0:+VERS-TLS1.1' || exit 1
"$TIGHTSHIP" tls old.test:5443 --resolve old.test:5443:127.0.0.1 --ca ca.pem --format concise
INSIDE
unshare -rn bash inside.sh "$(dirname "$0")/lab.bash"
