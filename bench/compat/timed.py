#!/usr/bin/env python3
"""usage: timed.py FILE COMMAND...: runs COMMAND; FILE gets its CPU and wall seconds and its peak in MB."""

import os
import subprocess
import sys
import time

start = time.monotonic()
process = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
wall = time.monotonic() - start
code = os.waitstatus_to_exitcode(status)
if code not in (0, 3):  # 3: tightship, incomplete
    sys.exit(f"timed.py: status {code}: {' '.join(sys.argv[2:])}")
with open(sys.argv[1], "w", encoding="utf-8") as out:
    # Of the tool alone: gitleaks' git is a child that it waits for, so it is counted.
    print(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, file=out)
