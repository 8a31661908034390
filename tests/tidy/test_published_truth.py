"""The reader against files that public bodies published and people read by hand; they lie beside the project, not in it."""

from __future__ import annotations

import collections
import csv
from pathlib import Path

import pytest

from dagster_project.tidy import read_file, report_json

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
COUNTED = ("header_line", "rows", "pence", "redacted", "negative", "undated", "date_min", "date_max")
COLUMNS = ("payee", "amount", "date")
LARGEST = 400_000


@pytest.mark.skipif(
    not (CORPUS / "TRUTH.csv").exists(), reason="needs the published files beside the project: ../shared/corpus"
)
def test_reads_published_files_as_people_do(words):
    """All but one in a hundred cells of the smaller files agree (the whole score is in benchmarks/tidy.md)."""
    truth: dict[str, list[dict[str, str]]] = collections.defaultdict(list)
    with (CORPUS / "TRUTH.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            truth[row["file"]].append(row)
    asked, wrong = 0, []
    for name, rows in truth.items():
        path = CORPUS / "spend" / name
        if path.stat().st_size > LARGEST or any(row["sure"] != "yes" for row in rows):
            continue
        answer = report_json(name, read_file(path.name, path.read_bytes(), words))
        pairs = [(name, "status", rows[0]["status"], answer["status"])]
        if rows[0]["status"] == "read":
            pairs.append((name, "tables", len(rows), len(answer["tables"])))
            for row, table in zip(rows, answer["tables"], strict=False):
                pairs += [(name, key, row[key], str(table[key])) for key in COUNTED]
                pairs += [(name, key, row[key], str(table["columns"].get(key, ""))) for key in COLUMNS]
        asked += len(pairs)
        wrong += [pair for pair in pairs if pair[2] != pair[3]]
    assert asked > 1000
    assert len(wrong) <= asked / 100, wrong[:20]
