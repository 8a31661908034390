"""Real messes, rebuilt with invented content: each input in `tests/files` has an `.expected.json` that says what is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from workbook_writer import write_book

from dagster_project.model.words import Words
from dagster_project.tidy import read_file, report_json, report_text, show_record

FILES = Path(__file__).parents[1] / "files"
EXPECTED = sorted(FILES.glob("*.expected.json"))


def _input(expected: Path) -> tuple[str, bytes]:
    stem = expected.name.removesuffix(".expected.json")
    description = FILES / f"{stem}.book.json"
    if description.exists():
        book = json.loads(description.read_text(encoding="utf-8"))
        sheets = [(name, rows) for name, rows in book["sheets"]]
        return f"{stem}.{book['format']}", write_book(book["format"], sheets, tuple(book["hidden"]))
    (path,) = (p for p in FILES.glob(f"{stem}.*") if not p.name.endswith(".json"))
    return path.name, path.read_bytes()


def _is_in(part: Any, whole: Any, where: str = "") -> list[str]:
    """Where a value differs from what is expected of it; more keys are welcome, but no other column of the three."""
    if isinstance(part, dict) and where.endswith("columns"):
        return (
            []
            if part == {k: v for k, v in whole.items() if k in ("payee", "amount", "date")}
            else [f"{where}: {whole}"]
        )
    if isinstance(part, dict):
        return [line for key, value in part.items() for line in _is_in(value, whole.get(key), f"{where}.{key}")]
    if isinstance(part, list):
        if len(part) != len(whole):
            return [f"{where}: {len(whole)} instead of {len(part)}"]
        return [line for i, value in enumerate(part) for line in _is_in(value, whole[i], f"{where}[{i}]")]
    return [] if part == whole else [f"{where}: {whole!r} instead of {part!r}"]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: json.loads(path.read_text(encoding="utf-8"))["why"])
def test_reads_what_is_in_it(expected: Path, words: Words) -> None:
    name, data = _input(expected)
    want = json.loads(expected.read_text(encoding="utf-8"))
    reading = read_file(name, data, words)
    got = report_json(name, reading)
    del want["why"]
    assert not (wrong := _is_in(want, got)), "\n".join(wrong)
    assert all(table.balances() for table in reading.tables)
    assert {problem.code for problem in reading.problems} <= set(words.problems)
    assert reading.name in report_text(reading, words)
    for table in reading.tables:
        headings, cells = show_record(name, data, words, table.number, table.record[-1])
        assert len(headings) == len(cells)
