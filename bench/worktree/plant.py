#!/usr/bin/env python3
"""Writes a settings file with a made-up GitHub token to the path given, and prints the token.

The token is 30 random characters and their CRC-32 in base 62, as GitHub documents it, so that a
tool which checks the sum accepts it.
"""

import random
import string
import sys
import zlib

DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def base62(number, width):
    text = ""
    while number:
        number, digit = divmod(number, 62)
        text = DIGITS[digit] + text
    return text.rjust(width, "0")


def main():
    source = random.Random(20260101)
    body = "".join(source.choice(DIGITS) for _ in range(30))
    token = "gh" + "p_" + body + base62(zlib.crc32(body.encode()), 6)
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write(f'DEBUG = False\nGITHUB_TOKEN = "{token}"\n')
    print(token)


main()
