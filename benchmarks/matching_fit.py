"""
Fits the weights of the matcher to an audited list of payees, within bounds that no sample may overrule.

    python benchmarks/matching_fit.py TRUTH ENTITIES [--half 0|1] [--write] [--index FILE]

TRUTH: CSV with `name`, `truth` (ENTITY, PUBLIC, NONE, AMBIGUOUS, ...), `truth_entity_id` (several with `|`) and
`confidence`; ENTITIES as for `local-pound match`. `--half` takes the names whose hash is even or odd; the other half
is for judging. `--write` puts the weights into datapackages/vocabulary/match_weights.csv.

The model is a conditional logit: of the bodies that a name may mean, or none, one is right, and the support of each is
a weighted sum of named features. It is fitted by Newton's method with a ridge; a weight that leaves its bounds is held
at the bound. Which reading of a name is the best depends on the weights, so that fitting is repeated.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from dagster_project.match import build_index
from dagster_project.match.comparing import FEATURES
from dagster_project.match.matching import MatchWords, candidate_pairs
from dagster_project.stages.matching import VOCABULARY, listed_entities, match_words

FILE = VOCABULARY / "match_weights.csv"
COLUMNS = ("feature", "weight", "at_least", "at_most", "explains")
GATED = {"INDIVIDUAL", "REDACTED", "OUT_OF_SCOPE"}
NAMED = ("anybody", *FEATURES)
Array = np.ndarray[Any, np.dtype[np.float64]]
Data = list[tuple[Array, np.ndarray[Any, np.dtype[np.bool_]]]]
Rows = list[dict[str, str]]
RIDGE, ROUNDS, FOLDS, MOST = 0.2, 4, 5, 60


def half_of(name: str, parts: int = 2, salt: str = "") -> int:
    """Which part of the names one is in, by its hash: the same for every publisher."""
    return int(hashlib.md5((salt + name.upper()).encode()).hexdigest(), 16) % parts


def gather(engine: Any, rows: Rows, words: MatchWords, same: dict[str, str]) -> Data:
    """For each name: features of the bodies that it may mean (a leading 1 for `anybody`), and which of them is right."""
    data = []
    for row, all_pairs in zip(rows, candidate_pairs(engine, [row["name"] for row in rows], words), strict=True):
        has_id = row["truth"] in {"ENTITY", "PUBLIC"} and "-" in row["truth_entity_id"]
        right = {same.get(one, one) for one in row["truth_entity_id"].split("|")} if has_id else set()
        pairs = all_pairs[:MOST]
        x = np.array([(1.0, *pair.values) for pair in pairs]).reshape(len(pairs), len(NAMED))
        y = np.array([any(same.get(i, i) in right for i in (p.body.id, *p.twins)) for p in pairs], dtype=bool)
        data.append((x, y))
    return data


def shares(x: Array, weights: Array) -> tuple[Array, float]:
    """Share of each body and of none."""
    support = x @ weights
    top = max(0.0, support.max(initial=0.0))
    odds, none = np.exp(support - top), np.exp(-top)
    return odds / (odds.sum() + none), none / (odds.sum() + none)


def log_likelihood(data: Data, weights: Array) -> float:
    """Sum over names of the logarithm of the share of what is right."""
    total = 0.0
    for x, y in data:
        share, none = shares(x, weights)
        total += np.log((share[y].sum() if y.any() else none) + 1e-300)
    return total


def newton(data: Data, start: Array, free: set[int]) -> Array:
    """Weights that maximise the likelihood less the ridge; only those in `free` move."""
    weights, moved = start.copy(), np.array(sorted(free))
    ridge = np.full(len(weights), RIDGE)
    ridge[0] = 1e-6
    worth = lambda w: log_likelihood(data, w) - (ridge * w**2).sum() / 2  # noqa: E731
    now = worth(weights)
    for _ in range(50):
        slope, curve = -ridge * weights, np.diag(ridge)
        for x, y in data:
            if not len(x):
                continue
            share, _ = shares(x, weights)
            wanted = np.where(y, share, 0.0) / share[y].sum() if y.any() else np.zeros(len(share))
            mean = x.T @ share
            slope = slope + x.T @ (wanted - share)
            curve = curve + (x.T * share) @ x - np.outer(mean, mean)
        step = np.zeros(len(weights))
        step[moved] = np.linalg.solve(curve[np.ix_(moved, moved)], slope[moved])
        length = 1.0
        while length > 1e-4 and worth(weights + length * step) <= now:
            length /= 2
        if length <= 1e-4:
            break
        weights = weights + length * step
        gained, now = worth(weights) - now, worth(weights)
        if gained < 1e-4:
            break
    return weights


def fit(data: Data, start: Array, bounds: Array) -> Array:
    """Weights within bounds: one that leaves them is held at the bound, and the others fitted anew."""
    weights, free = np.clip(start, bounds[:, 0], bounds[:, 1]), set(range(len(start)))
    while True:
        weights = newton(data, weights, free)
        out = [i for i in free if not bounds[i, 0] <= weights[i] <= bounds[i, 1]]
        if not out:
            return weights
        weights[out] = np.clip(weights[out], bounds[out, 0], bounds[out, 1])
        free -= set(out)


def judged(data: Data, weights_of: Callable[[int], Array]) -> None:
    """Outcome at several thresholds, and calibration; `weights_of(n)`: the weights to judge the nth name by."""
    said = []
    for n, (x, y) in enumerate(data):
        if len(x):
            share, _ = shares(x, weights_of(n))
            first = int(share.argmax())
            said.append((float(share[first]), bool(y[first])))
    named = [one for one in said if one[0] >= 0.1]
    error = 0.0
    for low in range(10):
        inside = [one for one in named if low <= min(9, int(one[0] * 10)) < low + 1]
        error += abs(sum(s for s, _ in inside) - sum(r for _, r in inside))
    print(f"  calibration error {error / len(named):.4f} on {len(named)}")
    for at in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9):
        accepted = [right for share, right in said if share >= at]
        print(
            f"  from {at}: {len(accepted)} accepted, {sum(accepted)} right, precision {sum(accepted) / len(accepted):.4f}"
        )


def declared_bounds() -> tuple[dict[str, dict[str, str]], Array]:
    """Rows of the file of weights by feature, and least and most of each weight in the order of `NAMED`."""
    with FILE.open(encoding="utf-8", newline="") as text:
        rows = {row["feature"]: row for row in csv.DictReader(text)}
    return rows, np.array([[float(rows[n]["at_least"] or "-inf"), float(rows[n]["at_most"] or "inf")] for n in NAMED])


def is_judged(row: dict[str, str]) -> bool:
    """Whether a row of the truth is one to fit to: names that are never looked up, and unclear ones, are not."""
    return row["truth"] not in GATED and row["confidence"] != "unclear"


def same_bodies(engine: Any) -> dict[str, str]:
    """Every id of an index to the one that stands for its body."""
    same: dict[str, str] = {}
    for body, others_of in engine.execute("SELECT id, same_as FROM bodies").fetchall():
        same.setdefault(body, body)
        for other in filter(None, others_of.split("|")):
            same.setdefault(other, body)
    return same


def words_with(words: MatchWords, found: Array) -> MatchWords:
    """Words that weigh as was fitted."""
    return replace(words, weights=replace(words.weights, of=tuple(found[1:]), anybody=float(found[0])))


def fitted(engine: Any, rows: Rows, words: MatchWords, start: Array, bounds: Array) -> tuple[Array, Data]:
    """Weights fitted to some rows from a start, and the rows' features under them."""
    weights, same = np.clip(start, bounds[:, 0], bounds[:, 1]), same_bodies(engine)
    for _ in range(ROUNDS):
        data = gather(engine, rows, words_with(words, weights), same)
        weights = fit(data, weights, bounds)
        print(f"log-likelihood a name {log_likelihood(data, weights) / len(rows):.4f}")
    return weights, data


def main() -> None:
    """Fit, judge by folds, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth", type=Path)
    parser.add_argument("entities", type=Path)
    parser.add_argument("--half", type=int)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--index", default="", help="a file to keep the index of the entities in")
    options = parser.parse_args()
    with options.truth.open(encoding="utf-8-sig", newline="") as text:
        rows = [row for row in csv.DictReader(text) if is_judged(row)]
    mine = [row for row in rows if options.half is None or half_of(row["name"]) == options.half]
    others = [row for row in rows if options.half is not None and half_of(row["name"]) != options.half]
    declared, bounds = declared_bounds()
    weights = np.array([float(declared[name]["weight"]) for name in NAMED])
    path = options.index or str(Path(tempfile.mkdtemp()) / "index.duckdb")
    is_new = not Path(path).exists()
    engine, words = duckdb.connect(path), match_words()
    if is_new:
        build_index(engine, listed_entities(options.entities), words.spellings)
    weights, data = fitted(engine, mine, words, weights, bounds)
    for name, weight in zip(NAMED, weights, strict=True):
        print(f"  {name:24s}{weight:8.2f}")
    folds = [fit([d for d, row in zip(data, mine, strict=True) if half_of(row["name"], FOLDS, "f") != fold], weights, bounds)
             for fold in range(FOLDS)]  # fmt: skip
    print(f"by {FOLDS} folds, {len(mine)} names:")
    judged(data, lambda n: folds[half_of(mine[n]["name"], FOLDS, "f")])
    held = sum(log_likelihood([d], folds[half_of(row["name"], FOLDS, "f")]) for d, row in zip(data, mine, strict=True))
    print(f"  log-likelihood a name {held / len(mine):.4f}")
    if others:
        print(f"on the other half, {len(others)} names:")
        data = gather(engine, others, words_with(words, weights), same_bodies(engine))
        judged(data, lambda _: weights)
        print(f"  log-likelihood a name {log_likelihood(data, weights) / len(others):.4f}")
    if options.write:
        for name, weight in zip(NAMED, weights, strict=True):
            declared[name]["weight"] = f"{weight:.2f}"
        with FILE.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(declared.values())


if __name__ == "__main__":
    main()
