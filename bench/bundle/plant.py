#!/usr/bin/env python3
"""Writes a script with twenty made-up values in it, and the values: plant.py SCRIPT VALUES."""

import base64
import json
import random
import string
import sys

random.seed(20)
letters = string.ascii_letters + string.digits


def text(size):
    return "".join(random.choice(letters) for _ in range(size))


def value(i):
    return [text(32), f"{text(14)}\"{text(12)}", f"{text(10)}:{text(20)}", f"postgres://u:{text(9)}\\{text(9)}@db.example.org/x"][i // 5]


def encode(plain, i):
    if i < 5:
        return json.dumps(plain)
    if i < 10:
        return json.dumps(plain)
    if i < 15:
        return json.dumps("Basic " + base64.b64encode(("k" * (i % 3) + plain).encode()).decode())
    return json.dumps(json.dumps({"url": plain}))


values = [value(i) for i in range(20)]
with open(sys.argv[1], "w") as script, open(sys.argv[2], "w") as named:
    for i, plain in enumerate(values):
        script.write(f"f{i}({encode(plain, i)});\n")
        named.write(f"VALUE_{i}={plain}\n")
