#!/bin/bash
# Compares what tightship tls says with what testssl.sh says, on servers that are started here. Where both speak they
# must agree: protocol versions, weak ciphers, trust, name, expiry, key, signature.
#
#   tests/net/testssl.sh TIGHTSHIP [SERVER...]      servers: good expired self name weak old null
#
# Needs openssl, testssl.sh (Debian: testssl.sh), python3. A server takes testssl.sh about a minute.
set -u
tightship=$(realpath "${1:?usage: testssl.sh TIGHTSHIP [SERVER...]}")
shift
wanted=("${@:-}")
[ -n "${wanted[0]}" ] || wanted=(good expired self name weak old null)
testssl=$(command -v testssl || command -v testssl.sh) || { echo "no testssl.sh here"; exit 2; }
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
cd "$work" || exit 2
. "$here/../cli/net/lab.bash"
trap 'stop_servers; rm -rf "$work"' EXIT
make_ca

certificate() {  # NAME of the server
  case $1 in
    expired) make_leaf leaf DNS:a.test -days -1 ;;
    name) make_leaf leaf DNS:b.test -days 80 ;;
    weak) key=rsa:1024 make_leaf leaf DNS:a.test -days 80 -sha1 ;;
    self) openssl req -x509 -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.pem -days 80 -subj /CN=a.test \
      -addext subjectAltName=DNS:a.test 2> /dev/null ;;
    *) key=rsa:2048 make_leaf leaf DNS:a.test -days 80 ;;
  esac
}
flags_of() {
  case $1 in
    old) echo "-cipher DEFAULT:@SECLEVEL=0" ;;
    weak) echo "-cipher DEFAULT:@SECLEVEL=0 -no_tls1 -no_tls1_1" ;;
    null) echo "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256:NULL-SHA256:AECDH-AES128-SHA:@SECLEVEL=0" ;;
    *) echo "" ;;
  esac
}

failed=0
for server in "${wanted[@]}"; do
  certificate "$server"
  port=$(free_port)
  # shellcheck disable=SC2046
  start 127.0.0.1 "$port" openssl s_server -quiet -accept "127.0.0.1:$port" -cert leaf.pem -key leaf.key $(flags_of "$server") || exit 2
  rm -f theirs.json
  "$tightship" tls -q --only-named --ca ca.pem --resolve "a.test:$port:127.0.0.1" "a.test:$port" --format json > ours.json
  begin=$SECONDS
  "$testssl" --quiet --color 0 --warnings off --add-ca ca.pem --ip 127.0.0.1 --jsonfile theirs.json -p -s -S "a.test:$port" > testssl.out 2>&1 < /dev/null
  python3 - "$server" ours.json theirs.json $((SECONDS - begin)) <<'PY' || failed=1
import json, sys
server, ours, theirs, seconds = sys.argv[1:]
report = json.load(open(ours))
ids = {p["id"] for p in report["problems"]}
titles = " ".join(p["title"] for p in report["problems"])
versions = report["facts"]["hosts"][0]["versions"].replace("TLS ", "").split(", ")
said = {}
for row in json.load(open(theirs)):
    said.setdefault(row["id"].split(" ")[0], row)
def offered(name):  # None: testssl.sh did not say
    row = said.get(name)
    return None if row is None else not row["finding"].startswith("not offered")
def finding(name): return said[name]["finding"] if name in said else None
trust = finding("cert_chain_of_trust")
rows = [
    ("SSLv3", "SSLv3" in versions, offered("SSLv3")),
    ("TLS 1.0", "1.0" in versions, offered("TLS1")),
    ("TLS 1.1", "1.1" in versions, offered("TLS1_1")),
    ("TLS 1.2", "1.2" in versions, offered("TLS1_2")),
    ("TLS 1.3", "1.3" in versions, offered("TLS1_3")),
    ("NULL", "no encryption" in titles, offered("cipherlist_NULL")),
    ("anonymous", "no authentication" in titles, offered("cipherlist_aNULL")),
    ("export", "export" in titles, offered("cipherlist_EXPORT")),
    ("3DES", "3DES" in titles, offered("cipherlist_3DES_IDEA")),
    ("expired", "TLS-EXPIRED" in ids, None if finding("cert_expirationStatus") is None else "expired" in finding("cert_expirationStatus")),
    ("untrusted", bool(ids & {"TLS-UNTRUSTED", "TLS-SELF-SIGNED", "TLS-CHAIN-INCOMPLETE", "TLS-CHAIN-INVALID", "TLS-EXPIRED"}),
     None if trust is None else not trust.startswith("passed")),
    ("other name", bool(ids & {"TLS-HOST", "TLS-SAN"}), None if "cert_trust" not in said else said["cert_trust"]["severity"] not in ("OK", "INFO")),
    ("weak key", "TLS-KEY" in ids, None if "cert_keySize" not in said else said["cert_keySize"]["severity"] in ("HIGH", "CRITICAL", "MEDIUM")),
    ("weak signature", "TLS-SIG" in ids, None if "cert_signatureAlgorithm" not in said else said["cert_signatureAlgorithm"]["severity"] not in ("OK", "INFO")),
]
compared = [row for row in rows if row[2] is not None]
wrong = [row for row in compared if row[1] != row[2]]
print(f"{server}: {len(compared)} verdicts compared, {len(wrong)} differ; ours {report['seconds'] * 1000:.0f} ms, testssl.sh {seconds} s")
for name, mine, other in wrong:
    print(f"  {name}: ours {mine}, testssl.sh {other}")
sys.exit(1 if wrong or len(compared) < 10 else 0)
PY
  stop_servers
  servers=()
done
exit $failed
