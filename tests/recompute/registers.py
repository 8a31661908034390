"""What registers say of suppliers, places, prices and industries, read from the files that they publish."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

#: Headings by which a file is known, and our names for those that are read; a heading in slashes is a pattern.
KNOWN_BY = {
    "companies": (("CompanyName", "CompanyNumber", "CompanyCategory", "Accounts.AccountCategory"), {
        "number": "CompanyNumber", "name": "CompanyName", "category": "CompanyCategory",
        "accounts": "Accounts.AccountCategory", "made_up": "Accounts.LastMadeUpDate",
        "sic": "SICCode.SicText_1", "postcode": "RegAddress.PostCode"}),
    "charities": (("registered_charity_number", "linked_charity_number", "charity_name", "latest_income"), {
        "number": "registered_charity_number", "name": "charity_name",
        "company": "charity_company_registration_number", "income": "latest_income",
        "postcode": "charity_contact_postcode"}),
    "pay_gaps": (("EmployerName", "CompanyNumber", "DiffMedianHourlyPercent", "EmployerSize", "DueDate"), {
        "number": "CompanyNumber", "gap": "DiffMedianHourlyPercent", "size": "EmployerSize", "due": "DueDate"}),
    "prices": (("Title", "CPI INDEX 00: ALL ITEMS 2015=100"), {
        "time": "Title", "index": "CPI INDEX 00: ALL ITEMS 2015=100"}),
    "deprivation": (("pcds", "dointr", "doterm"), {
        "postcode": "pcds", "rank": r"/imd(\d\dind)?/", "country": r"/ctry\d*(cd)?/"}),
    "emissions": (("sic_group", "title", "2015", "2023"), {
        "group": "sic_group", **{str(year): str(year) for year in range(2015, 2024)}}),
    "sizes": (("local-authority-code", "gss-code", "pop-2020", "area"), {
        "place": "gss-code", "people": "pop-2020", "area": "area"}),
    "poverty": (("local-authority-code", "la-deprivation-score", "density"), {
        "code": "local-authority-code", "score": "la-deprivation-score"}),
    "practices": (("Company number", "End date", "Average time to pay", "% Invoices paid within 30 days"), {
        "number": "Company number", "ended": "End date", "days": "Average time to pay",
        "soon": "% Invoices paid within 30 days"}),
    "statements": (("OrganisationName", "CompanyNumber", "StatementYear"), {"number": "CompanyNumber"}),
    "sites": (("Location ID", "Location Postal Code", "Provider ID", "Provider Companies House Number"), {
        "number": "Provider Companies House Number", "postcode": "Location Postal Code"}),
    "postcodes": (("Postcode", "Positional_quality_indicator", "Admin_district_code"), {
        "postcode": "Postcode", "district": "Admin_district_code"}),
    "directory": (("pcds", "dointr", "doterm", "oslaua"), {"postcode": "pcds", "district": "oslaua"}),
    "rurality": (("local-authority-code", "highly-rural", "rural", "urban"), {
        "code": "local-authority-code", "most": "highly-rural", "much": "rural"}),
}  # fmt: skip


def folded(heading: str) -> str:
    """A heading without what registers vary: spaces and case."""
    return re.sub(r"\s+", "", heading).casefold()


def opened(path: Path) -> io.TextIOBase:
    """The text of a file, packed or not."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return io.StringIO(data.decode("utf-8-sig", "replace"), newline="")


def rows_of(folder: Path) -> dict[str, list[list[dict[str, str]]]]:
    """Rows of every file in the folder that is a register, our columns only; a list a file, in order of their names."""
    csv.field_size_limit(10_000_000)
    found: dict[str, list[list[dict[str, str]]]] = defaultdict(list)
    for path in sorted(
        path for path in folder.rglob("*") if path.name.endswith((".csv", ".csv.gz", ".txt", ".txt.gz"))
    ):
        text = opened(path)
        first = text.readline()
        delimiter = "\t" if "\t" in first else ","
        headings = [folded(cell) for cell in next(csv.reader([first], delimiter=delimiter), [])]
        for name, (marks, columns) in KNOWN_BY.items():
            if {folded(mark) for mark in marks} <= set(headings):
                text.seek(0)
                found[name].append(list(_rows(text, delimiter, headings, columns)))
    return found


def _rows(
    text: io.TextIOBase, delimiter: str, headings: list[str], columns: dict[str, str]
) -> Iterator[dict[str, str]]:
    at = {}
    for ours, theirs in columns.items():
        pattern = theirs[1:-1] if theirs.startswith("/") else re.escape(folded(theirs))
        at[ours] = next(place for place, heading in enumerate(headings) if re.fullmatch(pattern, heading))
    reader = csv.reader(text, delimiter=delimiter)
    next(reader)
    for cells in reader:
        if len(cells) > max(at.values()):
            yield {ours: cells[place].strip() for ours, place in at.items()}


def key(postcode: str) -> str:
    """A postcode as it is compared."""
    return re.sub(r"\s+", "", postcode).upper()


def company(number: str) -> str:
    """The id of a company; noughts that a spreadsheet took are given back."""
    number = number.strip().upper()
    return f"GB-COH-{number.zfill(8) if number.isdigit() else number}" if number else ""


def decimal(text: str) -> Decimal | None:
    """A number of up to six decimals; none where there is none."""
    try:
        return Decimal(text.strip()).quantize(Decimal("0.000001"), ROUND_HALF_UP) if text.strip() else None
    except InvalidOperation:
        return None


def prices_of(rows: list[dict[str, str]]) -> dict[str, Fraction]:
    """The mean of the monthly index of each financial year that has all twelve."""
    months = defaultdict(list)
    for row in rows:
        if re.fullmatch(r"\d{4} [A-Z]{3}", row["time"]):
            start = int(row["time"][:4]) - (row["time"][5:] in ("JAN", "FEB", "MAR"))
            months[f"{start}-{(start + 1) % 100:02d}"].append(Fraction(row["index"]))
    return {period: sum(index) / 12 for period, index in months.items() if len(index) == 12}


def deprived_of(files: list[list[dict[str, str]]]) -> dict[str, bool]:
    """Whether a postcode lies in the most deprived fifth of its own nation's neighbourhoods."""
    found: dict[str, bool] = {}
    for rows in files:
        ranked = [(key(row["postcode"]), int(row["rank"]), row["country"]) for row in rows if row["rank"].isdigit()]
        worst: dict[str, int] = defaultdict(int)
        for _, rank, country in ranked:
            worst[country] = max(worst[country], rank)
        for code, rank, country in ranked:
            if rank:
                found[code] = found.get(code, True) and rank * 5 <= worst[country]
    return found


def emissions_of(
    rows: list[dict[str, str]], starts: int
) -> tuple[dict[int, tuple[Decimal, Decimal]], tuple[Decimal, Decimal]]:
    """Least and most kilograms a pound of each division, and the factors that a twentieth of groups lies below or above."""
    year = str(min(max(starts, 2015), 2023))
    said = []
    for row in rows:
        division, kilograms = re.match(r"\s*(\d{1,2})", row["group"]), decimal(row[year])
        if kilograms is not None:
            said.append((kilograms, int(division[1]) if division else None))
    ends: dict[int, tuple[Decimal, Decimal]] = {}
    for kilograms, division in said:
        if division is not None:
            low, high = ends.get(division, (kilograms, kilograms))
            ends[division] = (min(low, kilograms), max(high, kilograms))
    ordered = sorted(kilograms for kilograms, _ in said)
    low = next(k for place, k in enumerate(ordered, 1) if place * 20 >= len(ordered))
    high = next(k for place, k in enumerate(ordered, 1) if place * 20 >= len(ordered) * 19)
    return ends, (low, high)


def borders_of(folder: Path) -> dict[str, set[str]]:
    """Districts that share a border, from the last file of boundaries that has districts."""
    paths = [
        p for p in sorted(folder.rglob("*.topojson")) if '"ltla":' in p.read_text(encoding="utf-8", errors="replace")
    ]
    owners: dict[int, set[str]] = defaultdict(set)

    def arcs(nested) -> Iterator[int]:
        for part in nested:
            yield from [part if part >= 0 else ~part] if isinstance(part, int) else arcs(part)

    for path in paths[-1:]:
        for shape in json.loads(path.read_text(encoding="utf-8"))["objects"]["ltla"]["geometries"]:
            if not shape.get("properties", {}).get("end"):
                for arc in arcs(shape.get("arcs", [])):
                    owners[arc].add(shape["properties"]["areacd"])
    found: dict[str, set[str]] = defaultdict(set)
    for codes in owners.values():
        for code in codes:
            found[code] |= codes - {code}
    return dict(found)
