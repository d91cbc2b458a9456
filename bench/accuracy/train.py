#!/usr/bin/env python3
"""Trains the model that judges generic candidates, and measures it on repositories it has not seen.

usage: train.py --data FOLDER --labels FILE --candidates FILE [--clean FILE ...] [--out FILE] [--ablate]

  --data        the folder that generic_candidates was run on (CredData's `data`)
  --labels      JSON lines: {file, line_start, line_end, col_start, col_end, truth: T|F|X, repo, group,
                text}; `file` is "data/..." as in CredData, columns are 0-based characters or null,
                `text` stands for the line's content (equal lines of one repository count once)
  --candidates  output of `generic_candidates FOLDER`
  --clean       the same for checkouts in which nothing is to be reported: more negatives
  --out         where to write the trees (src/detect/generic_model.inc)
  --ablate      also say what each group of features is worth

Every figure is cross-validated over repositories: no line of a repository is judged by a model that has
seen another line of it. Needs numpy and lightgbm; the program itself needs neither.
"""

import argparse
import bisect
import collections
import json
import os

import lightgbm
import numpy

FOLDS = 8
PARAMETERS = dict(n_estimators=110, num_leaves=16, learning_rate=0.07, min_child_samples=25, colsample_bytree=0.4,
                  subsample=0.8, subsample_freq=1, reg_lambda=5, verbose=-1, n_jobs=1, deterministic=True,
                  force_row_wise=True)
UNLABELLED = 0.5        # weight of a line that the labels do not mention: hardly ever a secret
CLEAN = 0.1               # the same in a clean checkout, whose tests have passwords too
REPOSITORY_WEIGHT = 60  # a repository with more distinct lines counts as the square root beyond this
SCALE = 1000            # of the log odds in the table


def read_candidates(path):
    with open(path, encoding="utf-8") as rows:
        names = json.loads(next(rows))
        return names, [json.loads(row) for row in rows]


def labels_by_file(path):
    found = collections.defaultdict(list)
    with open(path, encoding="utf-8") as rows:
        for row in rows:
            label = json.loads(row)
            found[label["file"]].append(label)
    return found


def overlaps(label, line, begin, end):
    if not label["line_start"] <= line <= label["line_end"]:
        return False
    if label["line_start"] != label["line_end"] or label["col_start"] is None or label["col_end"] is None:
        return True
    return begin < label["col_end"] and label["col_start"] < end


def place(candidate, content, starts):
    """Adds line, text, columns in characters."""
    begin = candidate["start"]
    line = bisect.bisect_right(starts, begin)
    stop = starts[line] if line < len(starts) else len(content)
    column = len(content[starts[line - 1]:begin].decode("utf-8", "replace"))
    value = content[begin:begin + candidate["length"]].decode("utf-8", "replace")
    candidate.update(line=line, begin=column, end=column + len(value),
                     text=content[starts[line - 1]:stop].decode("utf-8", "replace").strip())


def join_labels(candidates, labels, data):
    """Truth and weight of each candidate. Identifiers (UUID, salt, ...) are no secrets and no faults."""
    by_file = collections.defaultdict(list)
    for candidate in candidates:
        by_file[candidate["path"]].append(candidate)
    for path, group in by_file.items():
        with open(os.path.join(data, path), "rb") as file:
            content = file.read()
        starts = [0] + [i + 1 for i, byte in enumerate(content) if byte == 10]
        known = [x for x in labels.get("data/" + path, []) if x["group"] != "identifier"]
        for candidate in group:
            place(candidate, content, starts)
            here = [x for x in known if x["line_start"] <= candidate["line"] <= x["line_end"]]
            true = [x for x in here if x["truth"] == "T"]
            candidate["truth"] = int(any(overlaps(x, candidate["line"], candidate["begin"], candidate["end"]) for x in true))
            candidate["repo"] = path.split("/")[0]
            candidate["weight"] = (1.0 if here else UNLABELLED) if candidate["truth"] or not true else 0.0


def join_clean(candidates, name):
    for i, candidate in enumerate(candidates):
        candidate.update(truth=0, repo=name, weight=CLEAN, line=i, text=candidate["path"] + str(candidate["start"]))


def level_weights(candidates):
    """Equal lines of a repository count once; large repositories less than their size."""
    repeats = collections.Counter((c["repo"], c["text"]) for c in candidates)
    for c in candidates:
        c["weight"] /= repeats[(c["repo"], c["text"])]
    sums = collections.Counter()
    for c in candidates:
        sums[c["repo"]] += c["weight"]
    for c in candidates:
        c["weight"] *= min(1.0, (REPOSITORY_WEIGHT / sums[c["repo"]]) ** 0.5) if sums[c["repo"]] else 0.0


class Table:
    def __init__(self, candidates):
        self.candidates = [c for c in candidates if not c["fault"]]
        level_weights(self.candidates)
        self.x = numpy.array([c["features"] for c in self.candidates], dtype=float)
        self.y = numpy.array([c["truth"] for c in self.candidates])
        self.w = numpy.array([c["weight"] for c in self.candidates])
        self.repo = numpy.array([c["repo"] for c in self.candidates])

    def fit(self, rows, columns=None, seed=1):
        model = lightgbm.LGBMClassifier(random_state=seed, **PARAMETERS)
        model.fit(self.x[rows] if columns is None else self.x[rows][:, columns], self.y[rows], sample_weight=self.w[rows])
        return model

    def cross_validated(self, columns=None, seed=1):
        """Probability of each candidate by a model that has not seen its repository."""
        repos = sorted(set(self.repo))
        chance = numpy.zeros(len(self.candidates))
        for fold in range(FOLDS):
            held = numpy.isin(self.repo, repos[fold::FOLDS])
            x = self.x[held] if columns is None else self.x[held][:, columns]
            chance[held] = self.fit(~held, columns, seed).predict_proba(x)[:, 1]
        return chance


def locations(labels):
    """Distinct labelled lines: {(file, first, last): (is generic and true, is false)}."""
    first, found = {}, {}
    for group in labels.values():
        for x in group:
            first.setdefault((x["repo"], x["text"], x["truth"]), (x["file"], x["line_start"], x["line_end"]))
    for group in labels.values():
        for x in group:
            key = (x["file"], x["line_start"], x["line_end"])
            if first[(x["repo"], x["text"], x["truth"])] == key:
                found.setdefault(key, []).append(x)
    return found


def line_scores(candidates, chance, labels):
    """Best chance on each distinct true (generic) and false (core) line."""
    best = collections.defaultdict(float)
    for c, p in zip(candidates, chance):
        if "begin" in c:
            key = ("data/" + c["path"], c["line"])
            best[key] = max(best[key], p)
    true, false = [], []
    for (file, first, last), group in locations(labels).items():
        score = max(best[(file, line)] for line in range(first, min(last, first + 50) + 1))
        groups = {x["group"] for x in group if x["truth"] == "T"}
        if groups == {"generic"} or groups == {"generic", "identifier"}:
            true.append(score)
        elif not groups and any(x["group"] != "identifier" for x in group):
            false.append(score)
    return numpy.array(true), numpy.array(false)


def figures(true, false, limit):
    tp, fp = int((true >= limit).sum()), int((false >= limit).sum())
    precision, recall = tp / max(1, tp + fp), tp / len(true)
    return precision, recall, 2 * tp / (tp + fp + len(true)), tp, fp


def recall_at(true, false, precision):
    limits = numpy.unique(numpy.concatenate([true, false]))
    return max((figures(true, false, t)[1] for t in limits if figures(true, false, t)[0] >= precision), default=0.0)


def report(table, labels, threshold):
    chance = table.cross_validated()
    true, false = line_scores(table.candidates, chance, labels)
    print(f"cross-validated over {len(set(table.repo))} repositories, {len(true)} true and {len(false)} false distinct lines, "
          f"{int((true > 0).sum())} true ones with a candidate")
    print("| threshold | precision | recall | F1 | TP | FP |\n|---|---|---|---|---|---|")
    for limit in sorted({0.001, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, threshold}):
        p, r, f, tp, fp = figures(true, false, limit)
        print(f"| {limit:.2f} | {100 * p:.1f} | {100 * r:.1f} | {100 * f:.1f} | {tp} | {fp} |")
    noisy = [(p, c) for p, c in zip(chance, table.candidates) if "begin" not in c and p >= threshold]
    print(f"clean checkouts: {len(noisy)} reported")


def ablate(table, labels, names):
    groups = sorted({name.split(".")[0] for name in names})
    columns = {None: list(range(len(names)))}
    columns |= {g: [i for i, name in enumerate(names) if not name.startswith(g + ".")] for g in groups}
    print("\n| without | recall at precision 90 | at 92 | at 95 |\n|---|---|---|---|")
    for group, kept in columns.items():
        rows = [line_scores(table.candidates, table.cross_validated(kept, seed), labels) for seed in (1, 2, 3)]
        mean = [100 * numpy.mean([recall_at(t, f, p) for t, f in rows]) for p in (0.90, 0.92, 0.95)]
        print(f"| {group or 'nothing'} | {mean[0]:.1f} | {mean[1]:.1f} | {mean[2]:.1f} |")


def write_rows(out, opening, items):
    out.write(opening + "\n")
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > 110:
            out.write(line + "\n")
            line = "   "
        line += " " + item + ","
    out.write(line.rstrip(",") + "};\n")


def flatten(tree, nodes, leaves):
    """Index of the tree's root in `nodes`, or ~index of a leaf."""
    if "leaf_value" in tree:
        leaves.append(round(tree["leaf_value"] * SCALE))
        return ~(len(leaves) - 1)
    at = len(nodes)
    nodes.append(None)
    limit = int(numpy.floor(tree["threshold"]))
    left = flatten(tree["left_child"], nodes, leaves)
    right = flatten(tree["right_child"], nodes, leaves)
    nodes[at] = (tree["split_feature"], limit, left, right)
    return at


def write_model(path, model, threshold):
    nodes, leaves, roots = [], [], []
    for tree in model.booster_.dump_model()["tree_info"]:
        roots.append(flatten(tree["tree_structure"], nodes, leaves))
    base = -round(numpy.log(threshold / (1 - threshold)) * SCALE)
    with open(path, "w", encoding="utf-8") as out:
        out.write("// Written by bench/accuracy/train.py. Feature, limit, left, right; leaves in thousandths of log odds.\n")
        out.write(f"constexpr int kBase = {base};  // chance {threshold}\n")
        write_rows(out, "constexpr Node kNodes[] = {", ["{%d,%d,%d,%d}" % n for n in nodes])
        write_rows(out, "constexpr std::int16_t kLeaves[] = {", map(str, leaves))
        write_rows(out, "constexpr std::int16_t kRoots[] = {", map(str, roots))
    print(f"{path}: {len(roots)} trees, {len(nodes)} nodes, {os.path.getsize(path)} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--candidates", required=True)
    parser.add_argument("--clean", action="append", default=[])
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--out")
    parser.add_argument("--ablate", action="store_true")
    options = parser.parse_args()
    labels = labels_by_file(options.labels)
    names, candidates = read_candidates(options.candidates)
    join_labels(candidates, labels, options.data)
    for path in options.clean:
        clean_names, clean = read_candidates(path)
        assert clean_names == names, f"{path} has other features"
        join_clean(clean, path)
        candidates += clean
    table = Table(candidates)
    report(table, labels, options.threshold)
    if options.ablate:
        ablate(table, labels, names)
    if options.out:
        write_model(options.out, table.fit(numpy.ones(len(table.y), dtype=bool)), options.threshold)


if __name__ == "__main__":
    main()
