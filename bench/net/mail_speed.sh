#!/bin/bash
# The mail check of one domain on a loopback name server, beside checkdmarc's.
#
#   pip install checkdmarc; apt-get install knot
#   bench/net/mail_speed.sh [TIGHTSHIP]
#
# checkdmarc can be pointed at a server of another port from Python only, so it is called as its command does.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tightship=$(realpath "${1:-$here/../../build/release/tightship}")
cd "$here"
exec python3 - "$tightship" << 'END'
import subprocess
import sys

import knot
import mail_zones

DOMAIN = "includegood.spf.test"
PEER = ("import dns.nameserver, checkdmarc; checkdmarc.check_domains(['%s'], nameservers=[dns.nameserver.Do53Nameserver"
        "('%s', %d)], skip_tls=True)")

with knot.serve(mail_zones.zones()) as port:
    ours = f"{sys.argv[1]} dns {DOMAIN} --mail -q --resolver {knot.ADDRESS}:{port}"
    peer = f'{sys.executable} -c "{PEER % (DOMAIN, knot.ADDRESS, port)}"'
    run = [sys.executable, "../lib/measure.py", "--rounds", "7", "--direct", f"tightship={ours}", f"checkdmarc={peer}"]
    sys.exit(subprocess.run(run).returncode)
END
