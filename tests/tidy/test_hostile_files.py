"""Whatever the bytes: an answer, in bounded time and memory, and never an exception."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbook_writer import write_book

from dagster_project.declare.vocabulary import load_words
from dagster_project.tidy import read_file, reading, report_json, report_text, workbooks
from dagster_project.tidy.amounts import read_amount
from dagster_project.tidy.tally import count_pence

ORDINARY = (
    b"Supplier,Payment Date,Ref,Amount,Description\r\n"
    b'"Ash, Elm & Oak Ltd",14/06/2024,1001,"\xa31,204.50",Fencing\r\n'
    b"REDACTED,15/06/2024,1002,(20.00),Care\r\n"
    b"Total,,,1184.50,\r\n"
)
SHEETS = [("Q1", [["Supplier", "Date", "Amount"], ["Ash Ltd", "2024-06-14", 12.5], ["Elm Ltd", "2024-06-15", 7]])]
WORDS = load_words(Path(__file__).parents[2] / "datapackages" / "vocabulary")
QUIET = settings(max_examples=150, deadline=None)


def holds(name: str, data: bytes) -> str:
    """Read, and check what must hold of any answer; the status."""
    answer = read_file(name, data, WORDS)
    assert answer.status in ("read", "not_spend", "not_a_table"), answer.reason
    assert (answer.status == "read") == bool(answer.tables)
    assert answer.status == "read" or answer.reason
    for table in answer.tables:
        assert table.balances()
        lengths = {
            len(v) for v in (table.record, table.row_class, table.pence, table.date, table.month, *table.text.values())
        }
        assert lengths == {len(table.record)}
    assert report_json(name, answer)["status"] == answer.status
    assert report_text(answer, WORDS)
    return answer.status


@QUIET
@given(data=st.binary(max_size=400))
def test_any_bytes(data):
    holds("a.csv", data)


@QUIET
@given(text=st.text(max_size=300), encoding=st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-32"]))
def test_any_text(text, encoding):
    holds("a.csv", text.encode(encoding, "replace"))


@QUIET
@given(
    rows=st.lists(
        st.lists(
            st.sampled_from(["Supplier", "Amount", "Date", "Total", "", "Ash Ltd", "REDACTED", "1,204.50", "(3)", "01/02/2024",
                             "45457", "-", "\n", '"', "Net", "Elm Ltd", "Jun-24", "202401", "x" * 300, "0012"]),
            max_size=7,
        ),
        max_size=25,
    ),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
)  # fmt: skip
def test_any_rows_of_likely_cells(rows, delimiter):
    holds("a.csv", "\n".join(delimiter.join(row) for row in rows).encode())


@QUIET
@given(seed=st.integers(0, 10**9))
def test_mutated_file(seed):
    chance = random.Random(seed)
    data = bytearray(ORDINARY * chance.randint(1, 4))
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(data))
        action = chance.randrange(4)
        if action == 0:
            data[at] = chance.randrange(256)
        elif action == 1:
            del data[at : at + chance.randint(1, 9)]
        elif action == 2:
            data[at:at] = chance.choice([b'"', b",", b"\r", b"\n", b"\x00", b";", b"\xff\xfe", b"=1+1", b"\xa3"])
        else:
            data[at:at] = data[at : at + 60]
        data = data or bytearray(b",")
    holds("a.csv", bytes(data))


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_damaged_workbook(kind):
    whole, chance = write_book(kind, SHEETS), random.Random(7)
    assert holds(f"a.{kind}", whole) == "read"
    for _ in range(25):
        data = bytearray(whole)
        if chance.random() < 0.4:
            del data[chance.randrange(len(data)) :]
        else:
            for _ in range(chance.randint(1, 20)):
                data[chance.randrange(len(data))] = chance.randrange(256)
        holds(f"a.{kind}", bytes(data))


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def test_gzip_and_zip_members_are_read():
    assert holds("a.csv.gz", gzip.compress(ORDINARY)) == "read"
    archive = zipped(("b/april.csv", ORDINARY), ("read me.pdf", b"%PDF-1.4"), ("may.xlsx", write_book("xlsx", SHEETS)))
    answer = read_file("a.zip", archive, WORDS)
    assert [table.member for table in answer.tables] == ["b/april.csv", "may.xlsx"]
    assert "pdf" in {problem.code for problem in answer.problems}


def test_zip_in_a_zip_is_refused_with_a_sentence():
    assert holds("a.zip", zipped(("inner.zip", zipped(("april.csv", ORDINARY))))) in ("not_spend", "not_a_table")


@pytest.fixture
def _small_limit(monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 1 << 20)


@pytest.mark.usefixtures("_small_limit")
def test_bombs_are_refused():
    much = b"Supplier,Date,Amount\n" + b"Ash Ltd,14/06/2024,1.00\n" * 80_000
    for name, data in (
        ("a.csv", much),
        ("a.csv.gz", gzip.compress(much)),
        ("a.zip", zipped(("a.csv", much))),
        ("a.xlsx", zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b" " * (3 << 20)))),
    ):
        answer = read_file(name, data, WORDS)
        assert answer.status == "not_a_table"
        assert "refused" in answer.reason, name


def test_a_claim_of_ten_gigabytes_is_refused():
    data = bytearray(zipped(("a.csv", b"Supplier,Date,Amount\n" * 10)))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (0xFFFFFFF0).to_bytes(4, "little")
    answer = read_file("a.zip", bytes(data), WORDS)
    assert answer.status == "not_a_table"
    assert "refused" in answer.reason


def test_a_lone_cell_in_the_last_corner_is_refused():
    book = write_book("xlsx", [("Q1", [["Supplier", "Date", "Amount"], ["Ash Ltd", "2024-06-14", 12.5]])])
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    data = zipped(*((name, part.replace(b"</sheetData>", far)) for name, part in parts))
    answer = read_file("a.xlsx", data, WORDS)
    assert answer.status == "not_a_table"
    assert "refused" in answer.reason


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_a_part_that_claims_less_than_it_unpacks_to_is_refused(name):
    """Size and checksum of the first hundred bytes are claimed; whoever goes by the packed bytes gets three megabytes."""
    whole, claimed = b" " * (3 << 20), b" " * 100
    data = bytearray(zipped((name, whole)))
    true = struct.pack("<I", zlib.crc32(whole)), struct.pack("<I", len(whole))
    for was, now in zip(true, (struct.pack("<I", zlib.crc32(claimed)), struct.pack("<I", len(claimed))), strict=True):
        data = data.replace(was, now)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read(name) == claimed
    with pytest.raises(workbooks.Refused, match="unpacks to more than 1 MB"):
        workbooks._check_xlsx(bytes(data), 1 << 20)


@pytest.mark.parametrize("quote", [b"'", b'"'])
def test_a_lone_cell_is_seen_however_its_place_is_written(quote):
    far = b'<row r="1048576"><c s="a/b" r=@XFD1048576@ t="a/b"><v>1</v></c></row>'.replace(b"@", quote)
    with pytest.raises(workbooks.Refused, match="1,048,576 rows by 16,384 columns"):
        workbooks._check_xlsx(zipped(("xl/worksheets/sheet1.xml", far)), 1 << 29)


@pytest.mark.parametrize("piece", [1, 7, 64, 4000, 1 << 18], ids=lambda size: f"{size} bytes at a time")
def test_a_lone_cell_is_seen_wherever_its_sheet_is_cut(piece, monkeypatch):
    monkeypatch.setattr(workbooks, "PIECE", piece)
    near = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 200))
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(workbooks.Refused, match="1,048,576 rows by 16,384 columns"):
        workbooks._check_xlsx(zipped(("xl/worksheets/sheet1.xml", near + far)), 1 << 29)
    workbooks._check_xlsx(zipped(("xl/worksheets/sheet1.xml", near + far.replace(b"<v>1</v>", b""))), 1 << 29)


def test_a_lone_cell_with_a_long_tag_is_seen_where_its_sheet_is_cut():
    near = b'<row r="1"><c r="A1"><v>1</v></c></row>'.ljust(workbooks.PIECE - 100)
    far = b'<row r="1048576"><c r="XFD1048576" x="' + b"x" * 9000 + b'"><v>1</v></c></row>'
    with pytest.raises(workbooks.Refused, match="16,384 columns"):
        workbooks._check_xlsx(zipped(("xl/worksheets/sheet1.xml", near + far)), 1 << 29)


def test_formatted_empty_rows_to_the_end_are_no_bomb():
    book = write_book("xlsx", [("Q1", [["Supplier", "Date", "Amount"], ["Ash Ltd", "2024-06-14", 12.5]])])
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    assert holds("a.xlsx", zipped(*((name, part.replace(b"</sheetData>", far)) for name, part in parts))) == "read"


def test_an_ods_that_repeats_a_cell_without_end_is_refused():
    book = write_book("ods", SHEETS)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    many = b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" '
    data = zipped(*((n, p.replace(b"<table:table-row><table:table-cell ", many, 1)) for n, p in parts))
    answer = read_file("a.ods", data, WORDS)
    assert answer.status == "not_a_table"
    assert "refused" in answer.reason


@settings(max_examples=1500, deadline=None)
@given(
    cell=st.text(alphabet=" 0123456789.,-+()[]£'|eErRcCdD*\\/\n\r\x1e\xa0–Âœgbp’", max_size=14)
    | st.floats()
    | st.integers(-(10**20), 10**20)
    | st.text(max_size=6)
    | st.from_regex(r"\A-?£?\(?[0-9]{1,3}([, .'][0-9]{1,3}){0,3}(\.[0-9]{0,4})?\)?( ?(CR|DR|-))?\Z")
)
def test_two_readings_of_any_amount_agree(cell):
    read = read_amount(cell)
    assert (read if isinstance(read, int) else 0) == count_pence(cell)
