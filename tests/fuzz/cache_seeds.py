#!/usr/bin/env python3
"""Makes the seeds of the fuzz target cache_file:  tests/fuzz/cache_seeds.py fixtures/fuzz/cache_file"""

import hashlib
import os
import struct
import sys


def u8(*n):
    return struct.pack("<%dB" % len(n), *n)


def u32(*n):
    return struct.pack("<%dI" % len(n), *n)


def u64(*n):
    return struct.pack("<%dQ" % len(n), *n)


def text(t):
    return u32(len(t)) + t


OUTSIDE = 0xFFFFFFFF
OID = bytes(range(1, 21))

# Entries are commit, tree, blob, tag, by their number modulo 4.
contents = (u64(9, 4, 1234) + u32(1) + u32(2, 0) + u32(2) + u32(2, 0) + u32(6, 0)
            + u32(2) + u32(0) + u64(7, 1700000000) + u32(1, 4) + u32(4) + u64(8, 1600000000) + u32(1, OUTSIDE) + OID
            + u32(1) + u32(3) + u64(5) + u32(1) + text(b"png") + u64(1, 99))
trees = (u64(2, 80) + u32(2) + text(b"src") + text(b"a.txt") + u32(3)
         + u8(2) + u64(0xC501) + u32(0) + u8(0) + u64(0xC502) + u32(1) + u8(1) + u8(0)
         + u8(255) + u32(1) + u64(0xABCDEF) + u32(0) + u8(2)
         + u32(2) + u32(1, 0, 5, 2) + u32(1) + OID + u8(0) + bytes(8))
place = (text(OID) + u8(1) + text(OID) + text(b"src/a.txt") + u8(0, 1, 0, 1) + u32(3, 2, 0) + u64(77))
answer = (u32(1) + u8(2) + u32(1) + text(b"refs/heads/main") + u32(1) + text(b"origin") + u64(1) + u8(1)
          + u32(1) + place + u64(*range(11)) + u32(1) + text(b"compressed media (png)") + u64(1, 99)
          + u64(1) + u32(1) + u8(8) + text(b"shallow") + text(b"1234567") + text(b"git fetch"))
key = hashlib.sha256(b"blob 3\0key").digest()
sealed = b"TSCACHE1" + key + b"payload"
sealed += hashlib.sha256(b"blob %d\0" % len(sealed) + sealed).digest()

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
for name, seed in {"contents": b"c" + contents, "trees": b"t" + trees, "answer": b"a" + answer,
                   "sealed": b"s" + sealed, "contents-empty": b"c" + bytes(44), "cut": b"t" + trees[:60]}.items():
    with open(os.path.join(out, name), "wb") as file:
        file.write(seed)
