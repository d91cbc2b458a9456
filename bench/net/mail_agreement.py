#!/usr/bin/env python3
"""Compares SPF and DMARC verdicts of tightship with checkdmarc's, on the zones of mail_zones.py.

    pip install checkdmarc; apt-get install knot
    bench/net/mail_agreement.py [TIGHTSHIP]

For each zone: is the SPF record usable, how many lookups and void lookups does it cost; is there a DMARC record that
counts, and what does it ask for. Differences that are known and judged are listed in JUDGED with the reason; any
other makes the status 1.
"""

import json
import re
import subprocess
import sys

import checkdmarc.dmarc
import checkdmarc.spf
import dns.nameserver

import knot
import mail_zones

# (zone, what): why we keep our answer.
JUDGED = {
    # The version is a literal of ABNF, which has no case (RFC 7208, 12; RFC 5234, 2.3).
    ("upper", "spf usable"): "v=SPF1 is v=spf1",
    # "If there are any syntax errors anywhere in the record, check_host() returns immediately" (RFC 7208, 4.6).
    ("junkafterall", "spf usable"): "an error behind all is one",
    # Without p, rua must take reports, or no DMARC processing is applied (RFC 9989, 4.10.1).
    ("nopnorua", "dmarc counts"): "v=DMARC1 alone does nothing",
    # Records that do not begin with v=DMARC1 are discarded (RFC 9989, 4.10); we warn.
    ("stray", "dmarc counts"): "receivers discard what is no DMARC record",
    ("spfhere", "dmarc counts"): "the same, of an SPF record",
    # What is wrong behind v and p is passed over (RFC 9989, 4.7); nothing stands between the semicolons.
    ("twosemicolons", "dmarc counts"): "v=DMARC1;; p=none asks for none",
    # adkim is r or s (RFC 9989, 4.7), and OpenDMARC drops the whole record that says anything else.
    ("adkimbad", "dmarc counts"): "adkim=x is a mistake",
}

SPF_ERRORS = {"SPF-PRESENT", "SPF-SYNTAX", "SPF-LOOKUPS", "SPF-INCLUDE", "SPF-LOOP"}


def ours(binary, domain, port):
    run = subprocess.run([binary, "dns", domain, "--mail", "--resolver", f"{knot.ADDRESS}:{port}", "--format", "json", "-q"],
                         capture_output=True, text=True)
    report = json.loads(run.stdout)
    errors = {p["id"] for p in report["problems"] if p["severity"] == "error"}
    void = any(p["id"] == "SPF-VOID" and p["severity"] != "note" for p in report["problems"])
    mail = {row["what"]: row["found"] for row in report["facts"]["mail"]}
    counts = re.search(r"(\d+) of 10 lookups, (\d+) void", mail["SPF"])
    acts = re.search(r"^(\w+), by the record of ", mail["DMARC"])
    return {
        "spf usable": not (errors & SPF_ERRORS) and not void,
        "lookups": int(counts[1]) if counts else None, "voids": int(counts[2]) if counts else None,
        "dmarc counts": "DMARC-PRESENT" not in errors and "DMARC-TAGS" not in errors, "policy": acts[1] if acts else None,
    }


def theirs(domain, port):
    servers = [dns.nameserver.Do53Nameserver(knot.ADDRESS, port)]
    spf = checkdmarc.spf.check_spf(domain, nameservers=servers, timeout=2.0)
    dmarc = checkdmarc.dmarc.check_dmarc(domain, nameservers=servers, timeout=2.0)
    valid = spf["valid"]
    tags = dmarc.get("tags", {})
    return {
        "spf usable": valid and not spf.get("error"), "lookups": spf.get("dns_lookups"), "voids": spf.get("void_dns_lookups"),
        "dmarc counts": dmarc["valid"], "policy": tags["p"]["value"] if dmarc["valid"] else None,
    }, spf.get("error") or dmarc.get("error")


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else "build/release/tightship"
    zones = mail_zones.zones()
    agreed = judged = wrong = 0
    with knot.serve(zones) as port:
        for domain in zones:
            if domain.count(".") < 2:
                continue
            mine, (peer, error) = ours(binary, domain, port), theirs(domain, port)
            for what in mine:
                # A peer that stops at an error counts no further.
                if mine[what] == peer[what] or peer[what] is None and what in ("lookups", "voids", "policy"):
                    agreed += 1
                elif (domain.split(".")[0], what) in JUDGED:
                    judged += 1
                else:
                    wrong += 1
                    print(f"{domain}: {what}: tightship {mine[what]}, checkdmarc {peer[what]} ({error})")
    print(f"{agreed} verdicts agree, {judged} differ for a stated reason, {wrong} differ otherwise")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
