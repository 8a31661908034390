"""The embedded sample: made again, it is the same; and it is what its README says it is."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "datapackages" / "sample"
MADE = (
    "publishers.csv",
    "truth.csv",
    "truth_files.csv",
    "truth_payees.csv",
    "visits.csv",
    "complete",
    "spend",
    "registers",
)
KINDS = {
    "county", "district", "unitary", "metropolitan_district", "london_borough", "combined_authority", "police", "fire",
    "national_park", "department", "agency", "nhs_trust", "nhs_commissioner",
}  # fmt: skip
#: Lists of real bodies, where a checkout of reference data lies beside this one.
REAL_COUNCILS = ROOT.parent / "shared" / "reference" / "la" / "mysociety" / "uk_local_authorities_future.csv"


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of one of the sample's own tables."""
    with (SAMPLE / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def files_below(folder: Path) -> dict[str, Path]:
    """What the script makes, by path relative to the folder."""
    found = [path for name in MADE for path in [folder / name, *(folder / name).rglob("*")] if path.is_file()]
    return {path.relative_to(folder).as_posix(): path for path in found}


def contents(data: bytes) -> object:
    """The members of a zip container, any other file as it is: two compressors may differ, what they hold may not."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(entry.filename, entry.date_time, contents(archive.read(entry))) for entry in archive.infolist()]


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the sample was made once more."""
    out = tmp_path_factory.mktemp("sample")
    subprocess.run([sys.executable, str(SAMPLE / "make_sample.py"), "--out", str(out)], check=True)
    return out


def test_making_it_again_gives_the_same_files(made_again: Path) -> None:
    assert sorted(files_below(made_again)) == sorted(files_below(SAMPLE))


def test_making_it_again_gives_the_same_bytes(made_again: Path) -> None:
    again, committed = files_below(made_again), files_below(SAMPLE)
    differ = [
        name
        for name, path in committed.items()
        if path.read_bytes() != again[name].read_bytes()
        and contents(path.read_bytes()) != contents(again[name].read_bytes())
    ]
    assert not differ, f"run datapackages/sample/make_sample.py and commit what changed: {differ[:5]}"


def test_every_kind_of_body_is_there() -> None:
    assert {row["kind"] for row in rows_of("publishers.csv")} == KINDS


def test_there_are_enough_comparable_bodies_for_a_league_table() -> None:
    assert sum(row["kind"] == "metropolitan_district" for row in rows_of("publishers.csv")) >= 5


def test_one_body_ended_and_its_successor_is_there() -> None:
    bodies = {row["slug"]: row for row in rows_of("publishers.csv")}
    ended = [row for row in bodies.values() if row["end"]]
    assert [bodies[row["successor"]]["start"] > row["end"] for row in ended] == [True]


def test_exactly_one_body_publishes_nothing() -> None:
    publishing = {path.name for path in (SAMPLE / "spend").iterdir()}
    assert len({row["slug"] for row in rows_of("publishers.csv")} - publishing) == 1


@pytest.mark.parametrize("row", rows_of("publishers.csv"), ids=lambda row: row["slug"])
def test_codes_and_addresses_are_invented(row: dict[str, str]) -> None:
    codes = [code for code in [row["lad_code"], *row["areas_served"].split("|")] if code]
    assert all(re.fullmatch(r"E\d\d999\d{3}", code) for code in codes)
    assert re.fullmatch(r"TL[XY]", row["region"]) or row["kind"] in ("department", "agency")
    assert row["website"].endswith(".invalid/")


def test_no_body_bears_the_name_of_a_real_council() -> None:
    real = set()
    if REAL_COUNCILS.exists():
        with REAL_COUNCILS.open(encoding="utf-8-sig", newline="") as table:
            real = {row[field].casefold() for row in csv.DictReader(table) for field in ("official-name", "nice-name")}
    ours = {name for row in rows_of("publishers.csv") for name in [row["name"], *row["alternative_names"].split("|")]}
    places = {row["slug"].replace("-", " ") for row in rows_of("publishers.csv")}
    assert not {name.casefold() for name in ours | places} & (real - {""})


def test_it_is_small_enough_to_travel_and_large_enough_to_show_something() -> None:
    assert sum(path.stat().st_size for path in files_below(SAMPLE).values()) <= 4_000_000
    assert 25_000 <= sum(int(row["rows"]) for row in rows_of("truth.csv")) <= 40_000


def test_the_truth_knows_every_file_and_no_other() -> None:
    stated = [row["file"] for row in rows_of("truth_files.csv")]
    found = [path.relative_to(SAMPLE / "spend").as_posix() for path in (SAMPLE / "spend").rglob("*") if path.is_file()]
    assert sorted(stated) == sorted(found)


def test_every_status_of_a_file_occurs() -> None:
    assert {row["status"] for row in rows_of("truth_files.csv")} == {"read", "not_spend", "not_a_table", "duplicate"}


def test_a_duplicate_has_the_bytes_of_a_file_before_it() -> None:
    seen: set[bytes] = set()
    for row in sorted(rows_of("truth_files.csv"), key=lambda row: row["file"]):
        data = (SAMPLE / "spend" / row["file"]).read_bytes()
        assert (data in seen) == (row["status"] == "duplicate"), row["file"]
        seen.add(data)


def test_truth_months_lie_in_three_financial_years() -> None:
    months = {row["month"] for row in rows_of("truth.csv")} - {""}
    assert (min(months), max(months)) == ("2021-04", "2024-03")


def test_companies_have_the_true_layout_and_numbers_of_no_register() -> None:
    text = (SAMPLE / "registers" / "BasicCompanyDataAsOneFile-2024-04-01.csv").read_text(encoding="utf-8")
    headings, *rows = csv.reader(io.StringIO(text))
    assert (len(headings), headings[1], headings[54]) == (55, " CompanyNumber", " ConfStmtLastMadeUpDate")
    assert {len(row) for row in rows} == {55}
    assert all(re.fullmatch(r"ZZ\d{6}", row[1]) for row in rows)
    assert len({row[1] for row in rows}) == len(rows) > 1400


def test_charities_have_the_true_layout_and_numbers_of_no_register() -> None:
    text = (SAMPLE / "registers" / "publicextract.charity.txt").read_bytes().decode()
    headings, *rows = [line.split("\t") for line in text.rstrip("\r\n").split("\r\n")]
    assert (len(headings), headings[2], headings[33]) == (34, "registered_charity_number", "charity_has_land")
    assert all(len(row) == 34 and row[2].startswith("9900") for row in rows)


def test_other_registers_speak_of_companies_and_places_of_the_sample() -> None:
    """Numbers, postcodes and districts that exist nowhere else."""
    registers = SAMPLE / "registers"
    for name, column in {
        "UK_Gender_Pay_Gap_Data_2023_to_2024.csv": "CompanyNumber",
        "payment-practices.csv": "Company number",
        "modern-slavery-statements.csv": "CompanyNumber",
        "care-directory-with-filters.csv": "Provider Companies House Number",
    }.items():
        rows = list(csv.DictReader(io.StringIO((registers / name).read_text(encoding="utf-8"))))
        assert len(rows) > 20, name
        assert all(re.fullmatch(r"ZZ\d{6}", row[column]) for row in rows), name
    directory = list(csv.DictReader(io.StringIO((registers / "ONSPD_FEB_2024_ZZ.csv").read_text(encoding="utf-8"))))
    assert {row["oslaua"][3:6] for row in directory} == {"999"}
    assert sorted(int(row["imd20ind"]) for row in directory) == list(range(1, len(directory) + 1))
    shapes = json.loads((registers / "districts.topojson").read_text(encoding="utf-8"))
    codes = [shape["properties"]["areacd"] for shape in shapes["objects"]["ltla"]["geometries"]]
    assert sorted(codes) == sorted({row["oslaua"] for row in directory})


def test_postcodes_lie_in_areas_that_do_not_exist() -> None:
    text = (SAMPLE / "registers" / "codepo_zz.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows[0]) == 10
    assert {re.sub(r"\d.*", "", row["Postcode"]) for row in rows} == {"NQ", "NX", "QX", "ZX"}
    assert len({row["Postcode"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    "payee",
    ["<script>alert(1)</script> Ltd", '"><img src=x onerror=alert(1)>', "+44 Ltd", "Total Grounds Care Ltd",
     "Redactive Media (Invented) Ltd", "", '=HYPERLINK("https://evil.invalid/","Click")', "*****"],
)  # fmt: skip
def test_the_payees_that_trip_readers_are_there(payee: str) -> None:
    assert payee in {row["payee"] for row in rows_of("truth_payees.csv")}


def test_one_payee_has_a_name_of_four_thousand_letters() -> None:
    assert max(len(row["payee"]) for row in rows_of("truth_payees.csv")) == 4000
