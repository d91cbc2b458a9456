#!/usr/bin/env python3
"""Prints a git fast-import stream: FILES files of code-like text, changed a few lines at a time.

usage: make_versions.py FILES VERSIONS
"""

import random
import sys


def line(source):
    words = ("return value const auto item count token size if for while index buffer length name".split())
    return "  " + " ".join(source.choice(words) for _ in range(8)) + f" {source.randrange(10**6)};\n"


def main():
    files, versions = int(sys.argv[1]), int(sys.argv[2])
    source = random.Random(1)
    texts = [[line(source) for _ in range(2000)] for _ in range(files)]
    out = sys.stdout.buffer
    for version in range(versions):
        text = texts[version % files]
        for _ in range(4):
            text[source.randrange(len(text))] = line(source)
        content = "".join(text).encode()
        message = f"version {version}\n".encode()
        out.write(b"commit refs/heads/main\ncommitter bench <bench@example.com> %d +0000\n" % (1700000000 + version))
        out.write(b"data %d\n" % len(message) + message)
        out.write(b"M 100644 inline dir/file%d.c\ndata %d\n" % (version % files, len(content)) + content + b"\n")


main()
