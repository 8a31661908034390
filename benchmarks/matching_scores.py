"""
Scores the matcher on an audited set and writes benchmarks/matching.json, which the page of methods reads.

    python benchmarks/matching_scores.py FOLDER

FOLDER holds `names_public.csv`, `truth_public.csv`, `entities.csv.gz` and the set's own scorer, `score_match.py`; its
README says what each figure means. Two scores are written. *In sample*: the declared weights, which were fitted to all
of these names. *Held out*: the names are parted in two by their hash, weights are fitted to each half from a start that
knows nothing, and judge the other half; so no name is judged by weights that have seen it. What was programmed after
looking at the names (rules, words) is in both. The largest payee is left out of both, as the set asks.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.util
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from matching_fit import NAMED, declared_bounds, fitted, half_of, is_judged, words_with

from dagster_project.declare.vocabulary import load_words
from dagster_project.match import MatchWords, Named, Payee, build_index, name_all
from dagster_project.stages.matching import (
    VOCABULARY,
    declared_class_words,
    index_engine,
    listed_entities,
    match_words,
    plain_class,
)
from dagster_project.tidy.redactions import Withheld

FILES = ("names_public.csv", "truth_public.csv", "entities.csv.gz")
OUT = Path(__file__).parent / "matching.json"
#: Groups smaller than this say nothing about how often the matcher is right.
SMALL = 30
Rows = list[dict[str, str]]
Prediction = dict[str, Any]


def scorer_of(folder: Path) -> ModuleType:
    """The set's own scorer."""
    spec = importlib.util.spec_from_file_location("score_match", folder / "score_match.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{folder} has no score_match.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predicted(engine: Any, rows: Rows, words: MatchWords) -> list[Named]:
    """What the matcher says of each row."""
    withheld = Withheld(load_words(VOCABULARY))
    payees = [Payee(row["name"], withheld[row["name"].strip()]) for row in rows]
    return name_all(engine, payees, declared_class_words(), words)


def as_prediction(row: dict[str, str], named: Named) -> Prediction:
    """A row in the scorer's form, with how the body was found."""
    match = named.match
    is_named = match.body is not None and match.outcome != "none"
    return {
        "name": row["name"], "publisher": row["publisher"], "outcome": match.outcome,
        "entity_id": match.body.id if match.body and is_named else "", "class": plain_class(named),
        "conf": round(match.confidence, 3) if is_named else None, "method": match.method if is_named else "",
    }  # fmt: skip


def groups(
    pairs: list[tuple[dict[str, str], Prediction]], is_right: Callable[..., bool], key: Callable[..., str]
) -> Any:
    """Precision, share of right ones found, and calibration of each group that has predictions or bodies."""
    said: dict[str, list[tuple[dict[str, str], Prediction]]] = {}
    for row, prediction in pairs:
        if row["truth"] != "OUT_OF_SCOPE" and (group := key(row, prediction)):
            said.setdefault(group, []).append((row, prediction))
    found = {}
    for group, own in sorted(said.items()):
        accepted = [is_right(row, p) for row, p in own if p["outcome"] == "accepted"]
        with_body = [(p["conf"], is_right(row, p)) for row, p in own if p["conf"] is not None]
        bodies = [p["outcome"] == "accepted" and is_right(row, p) for row, p in own if row["has_id"]]
        found[group] = {
            "accepted": len(accepted), "right": sum(accepted), "precision": share(accepted),
            "with_a_body": len(bodies), "recall": share(bodies),
            "said": round(float(np.mean([c for c, _ in with_body])), 4) if with_body else None,
            "came_true": share([right for _, right in with_body]), "is_small": len(accepted) < SMALL,
        }  # fmt: skip
    return found


def share(yes: list[bool]) -> float | None:
    """Share of yes, `None` of nothing."""
    return round(sum(yes) / len(yes), 4) if yes else None


def score(scorer: ModuleType, truth: Rows, predictions: list[Prediction], entities: Path) -> dict[str, Any]:
    """The scores of one set of predictions."""
    canon, known = scorer.load_same(str(entities))
    totals: dict[str, float] = {}
    for row in truth:
        totals[row["name"].upper()] = totals.get(row["name"].upper(), 0.0) + abs(scorer.number(row["total_value"]) or 0)
    largest = max(totals, key=lambda name: totals[name])
    pairs = [(r, p) for r, p in zip(truth, predictions, strict=True) if r["name"].upper() != largest]
    rows = [row for row, _ in pairs]
    whole = scorer.score(rows, {(p["name"], p["publisher"]): p for p in predictions}, {}, canon, known)
    wild = [whole["forced"][kind] for kind in ("NONE", "INDIVIDUAL")]

    def is_right(row: dict[str, str], prediction: Prediction) -> bool:
        ids = {canon.get(one, one) for one in row["truth_entity_id"].split("|")} if row["has_id"] else set()
        return canon.get(prediction["entity_id"], prediction["entity_id"]) in ids

    return {
        "rows": whole["rows"], "accepted": whole["accepted"], "review": whole["review"], "none": whole["none"],
        "precision": whole["precision"], "recall": whole["recall"],
        "forced": scorer.share(sum(one["accepted"] for one in wild), sum(one["n"] for one in wild)),
        "calibration_error": whole["calibration"]["error"], "calibration": whole["calibration"]["bins"],
        "class_accuracy": whole["class"]["accuracy"], "recall_by_hardness": whole["recall_by_hardness"],
        "by_method": groups(pairs, is_right, lambda _, prediction: prediction["method"]),
        "by_kind": groups(pairs, is_right, lambda row, _: row["class"]),
    }  # fmt: skip


def held_out(engine: Any, truth: Rows, words: MatchWords) -> list[Named]:
    """Each row as judged by weights that were fitted to the other half of the names."""
    _, bounds = declared_bounds()
    start = np.array([{"same name": 3.0, "rarity": 2.0}.get(name, 0.0) for name in NAMED])
    named: dict[int, Named] = {}
    for half in (0, 1):
        rows = [row for row in truth if is_judged(row) and half_of(row["name"]) == half]
        weights, _ = fitted(engine, rows, words, start, bounds)
        others = [n for n, row in enumerate(truth) if half_of(row["name"]) != half]
        named |= dict(
            zip(others, predicted(engine, [truth[n] for n in others], words_with(words, weights)), strict=True)
        )
    return [named[n] for n in range(len(truth))]


def main() -> None:
    """Score, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    scorer = scorer_of(folder)
    truth = []
    with (folder / "truth_public.csv").open(encoding="utf-8-sig", newline="") as text:
        for row in csv.DictReader(text):
            if row["confidence"] != "unclear":
                has_id = row["truth"] in ("ENTITY", "PUBLIC") and "-" in row["truth_entity_id"]
                truth.append({**row, "has_id": has_id})
    words = match_words()
    with index_engine() as (engine, _):
        build_index(engine, listed_entities(folder / "entities.csv.gz"), words.spellings)
        answers = {"in_sample": predicted(engine, truth, words), "held_out": held_out(engine, truth, words)}
    said: dict[str, Any] = {
        "command": "python benchmarks/matching_scores.py FOLDER",
        "date": date.today().isoformat(),
        "sets": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES},
        "accepted_from": words.weights.accept,
    }
    for name, answer in answers.items():
        predictions = [as_prediction(row, one) for row, one in zip(truth, answer, strict=True)]
        said[name] = score(scorer, truth, predictions, folder / "entities.csv.gz")
    OUT.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    short = ("precision", "recall", "forced", "calibration_error", "class_accuracy")
    print(json.dumps({name: {key: said[name][key] for key in short} for name in answers}, indent=1))


if __name__ == "__main__":
    main()
