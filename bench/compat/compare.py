#!/usr/bin/env python3
"""Compares two reports in gitleaks' shape on (rule, secret, file), and explains what tightship has beside.

usage: compare.py --name N --clone REPO --config FILE --gitleaks PROGRAM GITLEAKS TIGHTSHIP
GITLEAKS and TIGHTSHIP are names without .json and .time. No secret is printed.
"""

import argparse
import collections
import functools
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import tomllib


def key(finding):
    # Both write invalid UTF-8 in their own way.
    return finding["RuleID"], finding["Secret"].replace("\ufffd", "?"), finding["File"]


def is_decoded(finding):
    return any(tag.startswith("decoded:") for tag in finding["Tags"])


def load(path):
    """The first finding of each key; one that was found without decoding goes before."""
    with open(path, encoding="utf-8") as file:
        findings = sorted(json.load(file) or [], key=is_decoded)
    return {key(f): f for f in reversed(findings)}


class Explainer:
    """Says why gitleaks does not see what tightship reports: the first reason that holds."""

    def __init__(self, options):
        self.options = options
        self.reachable = set(self.git("rev-list", "--all").split())
        with open(options.config, "rb") as file:
            rules = tomllib.load(file)["rules"]
        self.keywords = {rule["id"]: [k.lower() for k in rule.get("keywords", [])] for rule in rules}

    def git(self, *arguments):
        run = subprocess.run(["git", "-C", self.options.clone, *arguments], capture_output=True, check=False)
        return run.stdout.decode("utf-8", "replace")

    @functools.lru_cache(maxsize=None)
    def parents(self, commit):
        return self.git("rev-list", "--parents", "-n1", commit).split()[1:]

    @functools.lru_cache(maxsize=None)
    def patch(self, commit, path):
        """Added lines of each hunk, as gitleaks gets them; None for what git takes for binary."""
        text = self.git("log", "-p", "-U0", "--full-history", "--diff-filter=tuxdb", "-n1", commit, "--", path)
        if "\nBinary files " in text:
            return None
        hunks = []
        for line in text.split("\n"):
            if line.startswith("@@"):
                hunks.append([])
            elif line.startswith("+") and hunks:
                hunks[-1].append(line[1:])
        return ["\n".join(hunk) for hunk in hunks]

    def renamed(self, commit, path):
        names = self.git("show", "-M", "--name-status", "--format=", commit).split("\n")
        return any(line[:1] in "RC" and line.split("\t")[-1] == path for line in names if line)

    @functools.lru_cache(maxsize=None)
    def content(self, commit, path):
        return self.git("cat-file", "blob", f"{commit}:{path}")

    @functools.lru_cache(maxsize=None)
    def as_file(self, commit, path):
        """What gitleaks reports of the whole file at that commit, as (rule, secret)."""
        with tempfile.TemporaryDirectory() as folder:
            target = os.path.join(folder, "tree", path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            blob = subprocess.run(["git", "-C", self.options.clone, "cat-file", "blob", f"{commit}:{path}"],
                                  capture_output=True, check=False)
            with open(target, "wb") as file:
                file.write(blob.stdout)
            report = os.path.join(folder, "report.json")
            subprocess.run([self.options.gitleaks, "dir", "tree", "--config", self.options.config, "--no-banner",
                            "--exit-code", "0", "-f", "json", "-r", report, "--log-level", "fatal"],
                           cwd=folder, check=False, capture_output=True)
            with open(report, encoding="utf-8") as file:
                return {(f["RuleID"], f["Secret"].replace("\ufffd", "?")) for f in json.load(file)}

    def explain(self, finding):
        if is_decoded(finding):
            return "decoded"
        commit, path = finding["Commit"], finding["File"]
        if not path:
            return "message, author or name of a commit or tag"
        if not commit:
            return "blob that no commit has at a path"
        if commit not in self.reachable:
            return "unreachable from every ref"
        if len(self.parents(commit)) > 1:
            return "brought by a merge"
        hunks = self.patch(commit, path)
        if hunks is None:
            return "binary to git"
        if not hunks:
            return "file renamed or copied" if self.renamed(commit, path) else "no hunk of the file in git log"
        match = finding["Match"].strip("\n")
        whole = self.as_file(commit, path)
        if match not in self.content(commit, path):
            return "between escapes that were undone"
        seen = (finding["RuleID"], finding["Secret"].replace("\ufffd", "?")) in whole
        if not any(match in hunk for hunk in hunks):
            return "match over several hunks" if seen else None
        keywords = self.keywords.get(finding["RuleID"], [])
        with_match = [hunk.lower() for hunk in hunks if match in hunk]
        if keywords and not any(word in hunk for hunk in with_match for word in keywords):
            return "keyword in another hunk"
        if seen:
            return "hunk begins or ends elsewhere than the file"
        return None


def seconds(name):
    with open(name + ".time", encoding="utf-8") as file:
        return [float(part) for part in file.read().split()]


def main():
    parser = argparse.ArgumentParser()
    for flag in ("--name", "--clone", "--config", "--gitleaks"):
        parser.add_argument(flag, required=True)
    parser.add_argument("reports", nargs=2)
    options = parser.parse_args()
    theirs, ours = (load(name + ".json") for name in options.reports)
    missing = [theirs[k] for k in theirs.keys() - ours.keys()]
    decoded = [f for f in missing if is_decoded(f)]
    missing = [f for f in missing if not is_decoded(f)]
    extra = [ours[k] for k in ours.keys() - theirs.keys()]
    explainer = Explainer(options)
    classes = collections.Counter()
    unexplained = []
    for finding in extra:
        reason = explainer.explain(finding)
        classes[reason or "unexplained"] += 1
        if reason is None:
            unexplained.append(finding)
    (cpu, wall, peak), (own_cpu, own_wall, own_peak) = (seconds(name) for name in options.reports)
    print(f"{options.name}: gitleaks {len(theirs)}, tightship {len(ours)}, missing {len(missing)}, extra {len(extra)}"
          + (f", {len(decoded)} seen by gitleaks after decoding" if decoded else ""))
    print(f"  CPU s {cpu:.2f} / {own_cpu:.2f} = {cpu / own_cpu:.1f}x   wall s {wall:.2f} / {own_wall:.2f} = "
          f"{wall / own_wall:.1f}x   peak MB {peak:.0f} / {own_peak:.0f}")
    for reason, count in classes.most_common():
        print(f"  {count:5} extra: {reason}")
    for word, findings in (("missing", missing), ("unexplained", unexplained)):
        for f in findings[:20]:
            digest = hashlib.sha256(f["Secret"].encode()).hexdigest()[:8]
            print(f"  {word}: {f['RuleID']} {f['File']}:{f['StartLine']} {f['Commit'][:9]} secret {digest} "
                  f"({len(f['Secret'])} bytes)")
    return 1 if missing or unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
