"""Zones with one mail record each that somebody once got wrong, or right. name -> zone text; NAME stands for the domain."""

SPF = {
    "plain": 'v=spf1 mx -all', "soft": 'v=spf1 mx ~all', "none": None, "two": ['v=spf1 -all', 'v=spf1 mx -all'],
    "upper": 'V=SPF1 MX IP4:192.0.2.1 -ALL', "leading": ' v=spf1 mx -all', "version10": 'v=spf10 mx -all',
    "versiononly": 'v=spf1', "ipv4": 'v=spf1 ipv4:192.0.2.1 -all', "ip6in4": 'v=spf1 ip4:2001:db8::1 -all',
    "badprefix": 'v=spf1 ip4:192.0.2.0/33 -all', "nospace": 'v=spf1 ip4:192.0.2.1-all', "afterall": 'v=spf1 mx -all a',
    "junkafterall": 'v=spf1 mx -all moo', "junk": 'v=spf1 moo -all', "plusall": 'v=spf1 +all', "noall": 'v=spf1 mx',
    "ptr": 'v=spf1 ptr -all', "loop": 'v=spf1 include:NAME -all', "redirectloop": 'v=spf1 redirect=NAME',
    "redirect": 'v=spf1 redirect=spf.NAME', "redirectgone": 'v=spf1 redirect=gone.NAME', "redirectall": 'v=spf1 redirect=gone.NAME -all',
    "includegood": 'v=spf1 include:spf.NAME -all', "includegone": 'v=spf1 include:gone.NAME -all',
    "includenospf": 'v=spf1 include:txt.NAME -all', "includetwice": 'v=spf1 include:spf.NAME include:spf.NAME -all',
    "macro": 'v=spf1 exists:%{i}._spf.%{d} -all', "macroupper": 'v=spf1 exists:%{L}.%{D} -all', "macrobad": 'v=spf1 exists:%{z}.NAME -all',
    "macroinclude": 'v=spf1 include:%{d2}._spf.NAME -all', "macroredirect": 'v=spf1 redirect=%{d}._spf.NAME',
    "ten": 'v=spf1 ' + 'a ' * 10 + '-all', "eleven": 'v=spf1 ' + 'a ' * 11 + '-all', "nested": 'v=spf1 include:five.NAME include:five.NAME -all',
    "nestedover": 'v=spf1 include:five.NAME include:five.NAME a -all', "void2": 'v=spf1 a:x1.NAME a:x2.NAME -all',
    "void3": 'v=spf1 a:x1.NAME a:x2.NAME a:x3.NAME -all', "voidmx": 'v=spf1 mx:x1.NAME -all', "v4only": 'v=spf1 a:v4.NAME -all',
    "mxgone": 'v=spf1 mx:mxgone.NAME -all', "dual": 'v=spf1 a/24//64 mx//64 -all', "exp": 'v=spf1 mx exp=why.NAME -all',
    "twoexp": 'v=spf1 mx exp=why.NAME exp=why.NAME -all', "tworedirect": 'v=spf1 redirect=spf.NAME redirect=spf.NAME',
    "modifier": 'v=spf1 mx foo=bar -all', "split": ['"v=spf1 mx " "-all"'], "senderid": ['v=spf1 mx -all', 'spf2.0/pra mx -all'],
    "many": 'v=spf1 mx:manymx.NAME -all',
    "existsgood": 'v=spf1 exists:v4.NAME -all', "cidr": 'v=spf1 a/24 mx:NAME/28 ip6:2001:db8::/32 -all', "cidr33": 'v=spf1 a/33 -all',
    "cidr0": 'v=spf1 ip4:0.0.0.0/0 -all', "cidrzero": 'v=spf1 ip4:192.0.2.0/024 -all', "badip": 'v=spf1 ip4:192.0.2.256 -all',
    "trailingdot": 'v=spf1 include:spf.NAME. -all', "upperinclude": 'v=spf1 INCLUDE:SPF.NAME -ALL', "emptyinclude": 'v=spf1 include: -all',
    "emptya": 'v=spf1 a: -all', "alldomain": 'v=spf1 all:NAME', "badqualifier": 'v=spf1 *mx -all', "twospaces": 'v=spf1  mx   -all',
    "trailingspace": 'v=spf1 mx -all ', "qualified": 'v=spf1 +mx ?a ~ip4:192.0.2.1 -all', "onelabel": 'v=spf1 include:localhost -all',
    "underscore": 'v=spf1 include:_spf.NAME -all', "redirectfirst": 'v=spf1 redirect=spf.NAME mx', "badredirect": 'v=spf1 redirect=moo',
    "includeloop": 'v=spf1 include:loopa.NAME -all', "includesyntax": 'v=spf1 include:broken.NAME -all',
    "includetwo": 'v=spf1 include:twice.NAME -all', "includedeep": 'v=spf1 include:deep1.NAME -all', "equals": 'v=spf1 include=spf.NAME -all',
}

DMARC = {
    "reject": 'v=DMARC1; p=reject; rua=mailto:d@NAME', "nop": 'v=DMARC1; rua=mailto:d@NAME', "nopnorua": 'v=DMARC1', "typo": 'v=DMARC1; p=rejct',
    "typorua": 'v=DMARC1; p=rejct; rua=mailto:d@NAME', "dup": 'v=DMARC1; p=none; p=reject', "unknowntag": 'v=DMARC1; p=none; foo=bar',
    "removed": 'v=DMARC1; p=none; pct=50; rf=afrf; ri=1', "order": 'v=DMARC1; rua=mailto:d@NAME; p=reject', "twodmarc": ['v=DMARC1; p=none', 'v=DMARC1; p=reject'],
    "lower": 'v=dmarc1; p=none', "dmarcspace": ' v=DMARC1; p=none', "spaces": 'v = DMARC1 ; p = none', "sizelimit": 'v=DMARC1; p=none; rua=mailto:d@NAME!10m',
    "nothere": None, "stray": ['v=DMARC1; p=none', 'hello'], "np": 'v=DMARC1; p=reject; np=quarantine; psd=n; t=y', "ruabad": 'v=DMARC1; p=none; rua=d@NAME',
    "tight": 'v=DMARC1;p=none', "trailing": 'v=DMARC1; p=none;', "twosemicolons": 'v=DMARC1;; p=none', "nosemicolon": 'v=DMARC1 p=none',
    "upperpolicy": 'v=DMARC1; p=REJECT', "uppertag": 'v=DMARC1; P=reject', "tworua": 'v=DMARC1; p=none; rua=mailto:a@NAME,mailto:b@NAME',
    "httpsrua": 'v=DMARC1; p=none; rua=https://NAME/r', "fo": 'v=DMARC1; p=none; fo=1:d:s; ruf=mailto:d@NAME', "fobad": 'v=DMARC1; p=none; fo=9',
    "adkimbad": 'v=DMARC1; p=none; adkim=x', "spbad": 'v=DMARC1; p=reject; sp=maybe; rua=mailto:d@NAME', "pctbad": 'v=DMARC1; p=reject; pct=abc',
    "pct200": 'v=DMARC1; p=reject; pct=200', "twov": 'v=DMARC1; p=none; v=DMARC1', "emptyp": 'v=DMARC1; p=; rua=mailto:d@NAME',
    "emptytag": 'v=DMARC1; p=none; =x', "version2": 'v=DMARC2; p=none', "spfhere": ['v=DMARC1; p=none', 'v=spf1 -all'],
    "dmarcsplit": ['"v=DMARC1; p=re" "ject"'], "sponly": 'v=DMARC1; sp=reject; rua=mailto:d@NAME', "testing": 'v=DMARC1; p=reject; t=y; rua=mailto:d@NAME',
}

BASE = """@ SOA ns1 hostmaster 1 7200 1800 1209600 3600
@ NS ns1
ns1 A 127.0.0.52
@ A 192.0.2.1
@ AAAA 2001:db8::1
@ MX 10 mx
mx A 192.0.2.25
mx AAAA 2001:db8::25
"""
HELPERS = """spf TXT "v=spf1 ip4:192.0.2.9 ?all"
txt TXT "hello"
_spf TXT "v=spf1 ip4:192.0.2.9 ?all"
loopa TXT "v=spf1 include:loopb.NAME ?all"
loopb TXT "v=spf1 include:loopa.NAME ?all"
broken TXT "v=spf1 ip4:x ?all"
twice TXT "v=spf1 ?all"
twice TXT "v=spf1 mx ?all"
deep1 TXT "v=spf1 include:deep2.NAME ?all"
deep2 TXT "v=spf1 include:deep3.NAME a:NAME ?all"
deep3 TXT "v=spf1 include:spf.NAME mx ?all"
five TXT "v=spf1 a:NAME a:NAME a:NAME a:NAME ?all"
v4 A 192.0.2.7
mxgone MX 10 nowhere
why TXT "no"
""" + "".join(f"manymx MX {i} m{i}\nm{i} A 192.0.2.{i}\n" for i in range(1, 13))


def txt(name, value):
    if value is None:
        return ""
    lines = ""
    for one in value if isinstance(value, list) else [value]:
        lines += f'{name} TXT {one}\n' if one.startswith('"') else f'{name} TXT "{one}"\n'
    return lines


def zones():
    out = {}
    for label, value in SPF.items():
        out[f"{label}.spf.test"] = BASE + HELPERS + txt("@", value) + txt("_dmarc", DMARC["reject"])
    for label, value in DMARC.items():
        out[f"{label}.dmarc.test"] = BASE + txt("@", SPF["plain"]) + txt("_dmarc", value)
    out = {name: text.replace("NAME", name) for name, text in out.items()}
    for parent in ("test", "spf.test", "dmarc.test"):
        out[parent] = "@ SOA ns1 hostmaster 1 7200 1800 1209600 3600\n@ NS ns1\nns1 A 127.0.0.52\n" + "".join(
            f"{name[:-len(parent) - 1]} NS ns1.{name}.\nns1.{name}. A 127.0.0.52\n"
            for name in list(out) if name.endswith("." + parent) and "." not in name[:-len(parent) - 1])
    return out
