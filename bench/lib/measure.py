#!/usr/bin/env python3
"""Runs commands in turns and prints medians of CPU time, wall time and peak memory.

usage: measure.py [--rounds N] [--warmup N] [--ok CODES] [--base NAME] [--json FILE] [--direct] [--stdin FILE]
                  NAME=COMMAND ...

Each COMMAND is given to `sh -c`; with --direct it is split into words and run without a shell, for what
takes milliseconds, and the table is in milliseconds. One round runs every command once, in an order that rotates, so
that a machine that gets slower or faster in the meantime does not favour one of them. CPU is user +
system time of the command and of all children it waited for; peak is the largest resident set of
any single process (this script's own, some 16 MB, is the least that can be seen). Ratios are to the
command called NAME (default: the first).

A command whose exit status is not in CODES (default: 0,1; scanners say 1 for "found something")
fails the whole measurement: a time for work that was not done is worse than none.
"""

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import time


def run_once(command, options):
    """(cpu seconds, wall seconds, peak bytes, exit status) of one run; its output goes nowhere."""
    words = shlex.split(command) if options.direct else ["sh", "-c", command]
    with open(options.stdin, "rb") as given:
        start = time.monotonic()
        process = subprocess.Popen(words, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, process.returncode


def parse_arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warmup", type=int, default=1, help="rounds that are not counted")
    parser.add_argument("--ok", default="0,1", help="exit statuses that count as done")
    parser.add_argument("--base", help="name of the command that ratios refer to")
    parser.add_argument("--direct", action="store_true", help="no shell; print milliseconds")
    parser.add_argument("--stdin", default=os.devnull, metavar="FILE", help="what each command reads")
    parser.add_argument("--json", help="write every single figure to this file")
    parser.add_argument("commands", nargs="+", metavar="NAME=COMMAND")
    options = parser.parse_args(argv)
    options.commands = [item.split("=", 1) for item in options.commands]
    if any(len(item) != 2 or not item[0] for item in options.commands):
        parser.error("a command is written NAME=COMMAND")
    names = [name for name, _ in options.commands]
    if len(set(names)) != len(names):
        parser.error("two commands have the same name")
    options.base = options.base or names[0]
    if options.base not in names:
        parser.error("--base names no command")
    options.ok = {int(code) for code in options.ok.split(",")}
    return options


def measure(options):
    samples = {name: [] for name, _ in options.commands}
    for round_number in range(options.warmup + options.rounds):
        shift = round_number % len(options.commands)
        for name, command in options.commands[shift:] + options.commands[:shift]:
            sample = run_once(command, options)
            if sample[3] not in options.ok:
                sys.exit(f"measure.py: {name}: exit status {sample[3]}: {command}")
            if round_number >= options.warmup:
                samples[name].append(sample)
    return samples


def medians(samples):
    return {name: [statistics.median(s[column] for s in runs) for column in range(3)]
            for name, runs in samples.items()}


def ratio(value, base):
    return f"{value / base:.2f}" if base > 0 else "-"


def print_table(samples, base_name, direct):
    unit, scale = ("ms", 1e3) if direct else ("s", 1)
    middle = medians(samples)
    base = middle[base_name]
    width = max(len(name) for name in middle)
    print(f"{'':{width}}  {'cpu ' + unit:>8} {'ratio':>7}  {'wall ' + unit:>8} {'ratio':>7}  {'peak MB':>8} {'ratio':>7}   wall min..max")
    for name, (cpu, wall, peak) in middle.items():
        walls = [s[1] for s in samples[name]]
        print(f"{name:{width}}  {cpu * scale:8.3f} {ratio(cpu, base[0]):>7}  {wall * scale:8.3f} {ratio(wall, base[1]):>7}"
              f"  {peak / 1e6:8.1f} {ratio(peak, base[2]):>7}   {min(walls) * scale:.3f}..{max(walls) * scale:.3f}")


def main(argv):
    options = parse_arguments(argv)
    samples = measure(options)
    print(f"medians of {options.rounds} interleaved rounds, ratios to {options.base}")
    print_table(samples, options.base, options.direct)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({name: [{"cpu": s[0], "wall": s[1], "peak": s[2], "exit": s[3]} for s in runs]
                       for name, runs in samples.items()}, out, indent=1)


if __name__ == "__main__":
    main(sys.argv[1:])
