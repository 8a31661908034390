"""What must hold of any table: order, encoding and container do not matter, and nothing is dropped in silence."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from workbook_writer import write_book

from dagster_project.declare.vocabulary import load_words
from dagster_project.model.money import pounds_text
from dagster_project.tidy import read_file, report_json
from dagster_project.tidy.grids import CHUNK, Grid, pick
from dagster_project.tidy.leaks import mask, suspects

WORDS = load_words(Path(__file__).parents[2] / "datapackages" / "vocabulary")
QUIET = settings(max_examples=40, deadline=None)
PAYEES = ["Ash Ltd", "Elm & Oak Limited", "Northbeck Council", "Yew plc", "Redacted", "Fir Trust"]
LINES = st.lists(
    st.tuples(st.sampled_from(PAYEES), st.dates(date(2024, 4, 1), date(2024, 4, 30)), st.integers(-(10**9), 10**9)),
    min_size=4,
    max_size=30,
)
STYLES = {
    "plain": pounds_text,
    "brackets": lambda p: f"({pounds_text(-p)})" if p < 0 else pounds_text(p),
    "pounds": lambda p: f"{'-' if p < 0 else ''}£{abs(p) // 100:,}.{abs(p) % 100:02d}",
    "trailing": lambda p: pounds_text(abs(p)) + ("-" if p < 0 else ""),
}


def written(lines, style: str = "plain", encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["Beneficiary", "Payment Date", "Amount"])
    for payee, day, pence in lines:
        writer.writerow([payee, day.strftime("%d/%m/%Y"), STYLES[style](pence)])
    return out.getvalue().encode(encoding)


def scored(name: str, data: bytes) -> dict:
    answer = report_json(name, read_file(name, data, WORDS))
    assert answer["status"] == "read"
    (table,) = answer["tables"]
    return {k: table[k] for k in ("rows", "pence", "redacted", "negative", "undated", "date_min", "date_max")}


@QUIET
@given(lines=LINES, style=st.sampled_from(sorted(STYLES)))
def test_every_penny_is_read_in_every_style(lines, style):
    got = scored("a.csv", written(lines, style))
    assert got["rows"] == len(lines)
    assert got["pence"] == sum(pence for _, _, pence in lines)
    assert got["negative"] == sum(pence < 0 for _, _, pence in lines)
    assert got["redacted"] == sum(payee == "Redacted" for payee, _, _ in lines)
    assert got["date_min"] == min(day for _, day, _ in lines).isoformat()


@QUIET
@given(lines=LINES, data=st.data())
def test_order_does_not_matter(lines, data):
    assert scored("a.csv", written(lines)) == scored("a.csv", written(data.draw(st.permutations(lines))))


@QUIET
@given(lines=LINES)
def test_container_encoding_and_delimiter_do_not_matter(lines):
    want = scored("a.csv", written(lines))
    assert scored("a.csv", written(lines, "pounds", "cp1252")) == want
    assert scored("a.csv", written(lines, encoding="utf-16")) == want
    assert scored("a.txt", written(lines, "pounds", delimiter="\t")) == want
    rows = [["Beneficiary", "Payment Date", "Amount"], *([p, d.isoformat(), x / 100] for p, d, x in lines)]
    for kind in ("xlsx", "xls", "ods"):
        assert scored(f"a.{kind}", write_book(kind, [("Q1", rows)])) == want


@QUIET
@given(lines=LINES, at=st.integers(0, 30))
def test_a_total_line_changes_nothing_and_is_a_check_sum(lines, at):
    total = f",,{pounds_text(sum(p for _, _, p in lines))}\n".encode()
    data = written(lines) + b",,\r\n" * (at % 3) + total
    assert scored("a.csv", data) == scored("a.csv", written(lines))
    (table,) = read_file("a.csv", data, WORDS).tables
    assert table.stated_total == table.published.pence


@QUIET
@given(lines=LINES)
def test_reading_twice_gives_the_same(lines):
    data = written(lines)
    assert read_file("a.csv", data, WORDS) == read_file("a.csv", data, WORDS)


SIGNS = str.maketrans("", "", ' ,"\n')
#: What exports do to a line: a cell too many or too few, a comma or line break without quotes, a quote without an end.
FAULTS = {
    "a blank cell in front": lambda c: ["", *c],
    "no cell for the date": lambda c: [c[0], *c[2:]],
    "a comma in the name": lambda c: [f"{c[0]}, Sons", *c[1:]],
    "two commas in the name": lambda c: [f"{c[0]}, Sons, and Co", *c[1:]],
    "a line break in the name": lambda c: [f"{c[0]}\nof Upton", *c[1:]],
    "a quote that never ends": lambda c: [f'"{c[0]}', *c[1:]],
}


@QUIET
@given(
    pence=st.lists(st.integers(50_000, 10**8), min_size=8, max_size=20),
    spoilt=st.dictionaries(st.integers(0, 19), st.sampled_from(sorted(FAULTS)), min_size=1, max_size=3),
)
def test_a_spoilt_line_is_set_right_or_rejected_by_name_and_never_read_as_another_amount(pence, spoilt):
    lines = ["Supplier,Payment Date,Reference,Department,Amount"]
    for i, amount in enumerate(pence):
        cells = [f"{PAYEES[i % 4]}", f"{i + 1:02d}/04/2024", str(50_000_000 + i), "Roads", pounds_text(amount)]
        lines.append(",".join(FAULTS[spoilt[i]](cells) if i in spoilt else cells))
    reading = read_file("a.csv", "\n".join(lines).encode(), WORDS)
    (table,) = reading.tables
    read = [p for p, kind in zip(table.pence, table.row_class, strict=True) if kind in ("payment", "credit")]
    assert set(read) <= set(pence)
    assert table.published.rows + table.rejected.rows == len(pence)
    troubles = {problem.code for problem in reading.problems}
    said = "".join(lines).translate(SIGNS)
    assert all("".join(cells).translate(SIGNS) in said for cells in table.mended.values())
    if set(spoilt) & set(range(len(pence))):
        mended = {"cells-beside-headings", "record-broken", "quotes-broken", "cells-misplaced", "record-incomplete"}
        assert troubles & (mended | {"payee-blank", "line-left-out"})


@QUIET
@given(lines=LINES)
def test_cells_that_stand_in_their_place_are_left_there(lines):
    reading = read_file("a.csv", written(lines), WORDS)
    assert not reading.tables[0].mended


#: Pieces of what the leak guard masks, and of what it need not.
SAID = [
    "AB", "qq", "gb", " ", "-", "12", "34", "56", "7", "1234", "12345678", "C", "ABCD", "@", "x.example", ".org", "Mrs ", "Mr. ",
    "Smith", "J ", "flat 3, ", "12a, ", "High Street", " SW1A 1AA", "sort code ", "a/c ", "account no ", "DOB ", "/", "\n", "é", "İ",
    "order ",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(st.lists(st.sampled_from(SAID), min_size=1, max_size=9).map("".join), max_size=40))
def test_the_guard_overlooks_nothing_among_many_texts(texts):
    assert {text for text in texts if mask(text) != text} <= suspects(texts)


@QUIET
@given(widths=st.lists(st.integers(0, 4), min_size=1, max_size=8), times=st.sampled_from([1, CHUNK // 3, CHUNK]))
def test_a_column_holds_the_cells_of_every_record(widths, times):
    rows = [[f"{n} {at}" for at in range(wide)] for n, wide in enumerate(widths * times)]
    grid = Grid(rows)
    assert grid.column(2) == pick(rows, 2)
    grid.lay_out((0, 2, 5))
    assert [grid.column(at) for at in (0, 2, 5)] == [pick(rows, at) for at in (0, 2, 5)]
    assert grid.widths == widths * times
    grid.rows = rows[1:]
    assert grid.column(0) == pick(rows[1:], 0)
