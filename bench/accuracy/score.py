#!/usr/bin/env python3
"""Precision, recall and F1 of scanners on labelled lines, in one table.

usage: score.py --labels FILE [--categories] [--missed NAME] NAME=FORMAT:REPORT ...

FORMAT is sarif, gitleaks, betterleaks, kingfisher, detect-secrets, credsweeper or lines (JSON lines of
{path, line, end_line}). Paths are matched to the labels by their ends, so it does not matter from where
a scanner was started.

Labels are JSON lines {file, line_start, line_end, truth: T|F|X, categories, group, repo, text}: those of
CredData, one a label, with `group` provider, generic or identifier and `text` standing for the content of
the lines. Equal lines of one repository with the same verdict count once.

A labelled place is true when one of its labels is T. It is hit when a finding overlaps its lines; a hit
false place is a fault unless the same finding also overlaps a true one. core = provider and generic:
identifiers alone (UUIDs, salts, bucket names) are neither right nor wrong. Findings on lines without a
label are only counted. Ranges of more than 200 lines are cut.
"""

import argparse
import collections
import json
import re
import sys
import urllib.parse

MAX_LINES = 200
Place = collections.namedtuple("Place", "file first last groups true_groups categories")


def documents(text):
    """Every JSON value of a file: one, an array, or one a line."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at] not in "[{":
            at += 1
            continue
        value, at = decoder.raw_decode(text, at)
        yield from value if isinstance(value, list) else [value]


def sarif(text):
    for log in documents(text):
        for run in log.get("runs", []):
            for result in run.get("results", []):
                for location in result.get("locations", []) + result.get("relatedLocations", []):
                    physical = location.get("physicalLocation", {})
                    region = physical.get("region", {})
                    uri = urllib.parse.unquote(re.sub("^file://", "", physical.get("artifactLocation", {}).get("uri", "")))
                    yield uri, region.get("startLine", 0), region.get("endLine", 0)


def gitleaks(text):
    for row in documents(text):
        for finding in row.get("findings") or ([] if "findings" in row else [row]):
            if "File" in finding:
                yield finding["File"], finding["StartLine"], finding["EndLine"]
                continue
            parts = [finding] + [c for s in finding.get("component_sets") or [] for c in s.get("components") or []
                                 if not c.get("optional")]
            for part in parts:
                place = part.get("location") or {}
                yield place.get("path", ""), place.get("start_line", 0), place.get("end_line", 0)


def kingfisher(text):
    for row in documents(text):
        found = row.get("findings")
        for item in found if isinstance(found, list) else [row] if "finding" in row else []:
            finding = item.get("finding") or {}
            line = int(finding.get("line") or 0)
            yield finding.get("path") or "", line, line + (finding.get("snippet") or "").rstrip("\n").count("\n")


def detect_secrets(text):
    for row in documents(text):
        for path, items in row.get("results", {}).items():
            for item in items:
                yield path, item["line_number"], item["line_number"]


def credsweeper(text):
    for row in documents(text):
        lines = [(x["path"], x["line_num"]) for x in row.get("line_data_list") or []]
        numbers = [n for _, n in lines]
        if numbers and max(numbers) - min(numbers) + 1 == len(numbers):
            yield lines[0][0], min(numbers), max(numbers)
        else:
            yield from ((path, n, n) for path, n in lines)


def plain_lines(text):
    for row in documents(text):
        yield row["path"], row["line"], row.get("end_line") or row["line"]


FORMATS = {"sarif": sarif, "gitleaks": gitleaks, "betterleaks": gitleaks, "kingfisher": kingfisher,
           "detect-secrets": detect_secrets, "credsweeper": credsweeper, "lines": plain_lines}


def read_places(path):
    """Distinct labelled places, by file."""
    with open(path, encoding="utf-8") as rows:
        labels = [json.loads(row) for row in rows]
    first = {}
    for x in labels:
        first.setdefault((x["repo"], x["text"], x["truth"]), (x["file"], x["line_start"], x["line_end"]))
    merged, distinct = {}, set()
    for x in labels:
        key = (x["file"], x["line_start"], x["line_end"])
        place = merged.setdefault(key, Place(*key, set(), set(), (set(), set())))
        place.groups.add(x["group"])
        place.categories[x["truth"] != "T"].update(x["categories"])
        if x["truth"] == "T":
            place.true_groups.add(x["group"])
        if first[(x["repo"], x["text"], x["truth"])] == key:
            distinct.add(key)
    by_file = collections.defaultdict(list)
    for place in merged.values():
        by_file[place.file].append(place)
    return by_file, distinct


def name_of(path, by_file, known):
    """The labelled file that the report's path ends in, or None."""
    if path not in known:
        parts = [p for p in path.replace("\\", "/").split("/") if p not in ("", ".")]
        tails = ["/".join(parts[i:]) for i in range(len(parts))]
        known[path] = next((name for tail in tails for name in (tail, "data/" + tail) if name in by_file), None)
    return known[path]


def hits(findings, by_file):
    """Places hit; those hit by a finding that is on no true place; findings on no label at all."""
    hit, wrong, unlabelled, known = set(), set(), set(), {}
    for path, first, last in findings:
        name = name_of(path, by_file, known)
        if name is None or first <= 0:
            continue
        last = min(max(first, last), first + MAX_LINES)
        over = [p for p in by_file[name] if p.first <= last and first <= p.last]
        if not over:
            unlabelled.add((name, first))
        for place in over:
            hit.add(place[:3])
            if not any(p.true_groups for p in over):
                wrong.add(place[:3])
    return hit, wrong, unlabelled


def figures(places, hit, wrong, is_true, is_false):
    true = [p for p in places if is_true(p)]
    tp = sum(p[:3] in hit for p in true)
    fp = sum(p[:3] in wrong for p in places if is_false(p))
    precision = 100 * tp / (tp + fp) if tp + fp else 0.0
    recall = 100 * tp / len(true) if true else 0.0
    return tp, fp, len(true), precision, recall, 2 * precision * recall / (precision + recall) if tp else 0.0


def group_views():
    def view(groups):
        return (lambda p: bool(p.true_groups & groups)), (lambda p: not p.true_groups and bool(p.groups & groups))
    return {"core": view({"provider", "generic"}), "provider": view({"provider"}), "generic": view({"generic"})}


def category_views(places):
    def view(name):
        return (lambda p: name in p.categories[0]), (lambda p: not p.true_groups and name in p.categories[1])
    counts = collections.Counter(name for p in places for name in p.categories[0])
    return {name: view(name) for name, _ in counts.most_common()}


def print_table(views, places, reports):
    print("| | true | " + " | ".join(reports) + " |")
    print("|---|---|" + "---|" * len(reports))
    for name, (is_true, is_false) in views.items():
        rows = {r: figures(places, hit, wrong, is_true, is_false) for r, (hit, wrong, _) in reports.items()}
        cells = [f"{p:.1f} / {r:.1f} / {f:.1f}" for _, _, _, p, r, f in rows.values()]
        print(f"| {name} | {next(iter(rows.values()))[2]} | " + " | ".join(cells) + " |")
    print("| lines without a label | | " + " | ".join(str(len(u)) for _, _, u in reports.values()) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--categories", action="store_true", help="a row for each category too")
    parser.add_argument("--missed", metavar="NAME", help="list what this report missed and got wrong, as places")
    parser.add_argument("reports", nargs="+", metavar="NAME=FORMAT:REPORT")
    options = parser.parse_args()
    by_file, distinct = read_places(options.labels)
    places = [p for group in by_file.values() for p in group if p[:3] in distinct]
    reports = {}
    for item in options.reports:
        name, rest = item.split("=", 1)
        kind, path = rest.split(":", 1)
        if kind not in FORMATS:
            sys.exit(f"score.py: {kind}: no such format; there are {', '.join(FORMATS)}")
        with open(path, encoding="utf-8", errors="replace") as file:
            reports[name] = hits(FORMATS[kind](file.read()), by_file)
    print(f"{len(places)} distinct labelled places; precision / recall / F1\n")
    views = group_views()
    if options.categories:
        views |= category_views(places)
    print_table(views, places, reports)
    if options.missed:
        hit, wrong, _ = reports[options.missed]
        for p in places:
            verdict = "missed" if p.true_groups and p[:3] not in hit else "wrong" if not p.true_groups and p[:3] in wrong else ""
            if verdict:
                print(f"{verdict} {p.file}:{p.first} {':'.join(sorted(p.categories[0] | p.categories[1]))}")


if __name__ == "__main__":
    main()
