"""
What else is said about suppliers and places: registers that measures ask, in the layouts of the products they stand for.

Every number in them is invented, those of whole industries and of prices too.
"""

from __future__ import annotations

import csv
import io
import json
import math
from itertools import accumulate, pairwise

from maker.dice import Dice
from maker.world import PLACES, TRADES, Entity, postcodes

YEARS = (2021, 2022, 2023)
LARGE = ("FULL", "GROUP", "MEDIUM")
BANDS = ("Less than 250", "250 to 499", "500 to 999", "1000 to 4999")
PAY_GAP = ("EmployerName", "EmployerId", "Address", "PostCode", "CompanyNumber", "SicCodes", "DiffMeanHourlyPercent",
           "DiffMedianHourlyPercent", "DiffMeanBonusPercent", "DiffMedianBonusPercent", "MaleBonusPercent",
           "FemaleBonusPercent", "MaleLowerQuartile", "FemaleLowerQuartile", "MaleLowerMiddleQuartile",
           "FemaleLowerMiddleQuartile", "MaleUpperMiddleQuartile", "FemaleUpperMiddleQuartile", "MaleTopQuartile",
           "FemaleTopQuartile", "CompanyLinkToGPGInfo", "ResponsiblePerson", "EmployerSize", "CurrentName",
           "SubmittedAfterTheDeadline", "DueDate", "DateSubmitted")  # fmt: skip
PRACTICES = ("Report Id", "Start date", "End date", "Filing date", "Company", "Company number", "Average time to pay",
             "% Invoices paid within 30 days", "% Invoices paid between 31 and 60 days",
             "% Invoices paid later than 60 days", "% Invoices not paid within agreed terms")  # fmt: skip
STATEMENTS = ("StatementYear", "OrganisationName", "Address", "SectorType", "CompanyNumber", "StatementURL")
#: Of some fifty columns of the true directory, those that are read.
DIRECTORY = ("pcds", "dointr", "doterm", "oslaua", "ctry25cd", "imd20ind")
CARE = ("Location ID", "Location Name", "Location Postal Code", "Location Local Authority", "Provider ID",
        "Provider Name", "Provider Companies House Number")  # fmt: skip
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def _table(headings: tuple[str, ...], rows: list[list[str]], quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator="\r\n").writerows([list(headings), *rows])
    return out.getvalue().encode()


def _large(companies: list[Entity]) -> list[Entity]:
    """Some large companies, those that are paid most often; the sample must stay small."""
    return [company for company in companies if company.accounts in LARGE][:60]


def pay_gaps(companies: list[Entity], year: int) -> bytes:
    """The download of one reporting year: employers of 250 and more, and a few that need not report."""
    dice, rows = Dice(f"pay gaps {year}"), []
    for at, company in enumerate(_large(companies)):
        if dice.chance(0.7):
            gap = [f"{dice.between(-40, 320) / 10:.1f}" for _ in range(4)]
            quarters = [f"{share / 10:.1f}" for _ in range(6) for share in [dice.between(100, 900)]]
            rows.append([
                company.name.upper(), str(90_000 + at), "", company.postcode, company.number, "", *gap, *quarters, *[""] * 4,
                "", "", dice.pick(BANDS), company.name.upper(), "False", f"{year + 1}/04/05 00:00:00",
                f"{year + 1}/03/{dice.between(1, 30):02d} 09:00:00",
            ])  # fmt: skip
    return _table(PAY_GAP, rows, csv.QUOTE_ALL)


def payment_practices(companies: list[Entity]) -> bytes:
    """Half-yearly reports of large companies on how fast they pay."""
    dice, rows = Dice("payment practices"), []
    for company in _large(companies):
        if not dice.chance(0.5):
            continue
        usual = dice.between(12, 70)
        for half in range(6):
            start, end = (f"{2021 + half // 2}-04-01", f"{2021 + half // 2}-09-30") if half % 2 == 0 else (
                f"{2021 + half // 2}-10-01", f"{2022 + half // 2}-03-31")  # fmt: skip
            soon = dice.between(20, 95)
            late = dice.below(100 - soon + 1)
            rows.append([
                str(70_000 + len(rows)), start, end, end, company.name.upper(), company.number,
                str(usual + dice.between(-4, 4)), str(soon), str(100 - soon - late), str(late), str(dice.below(40)),
            ])  # fmt: skip
    return _table(PRACTICES, rows)


def slavery_statements(companies: list[Entity]) -> bytes:
    """Statements on the registry, which nobody must use."""
    dice = Dice("slavery statements")
    rows = [
        ["2023", company.name.upper(), "", "Public", company.number, f"https://{company.number.lower()}.invalid/statement"]
        for company in _large(companies) if dice.chance(0.6)
    ]  # fmt: skip
    return _table(STATEMENTS, rows)


def deprived_postcodes() -> bytes:
    """Postcodes in the layout of the ONS Postcode Directory, each in a neighbourhood with a rank: 1 is the most deprived."""
    places = [(place, postcode) for place in PLACES.values() for postcode in postcodes(place)]
    ranks = Dice("deprivation").some(range(1, len(places) + 1), len(places))
    return _table(DIRECTORY, [
        [code, "199001", "", place.code, "E92000001", str(rank)]
        for (place, code), rank in zip(places, ranks, strict=True)
    ])  # fmt: skip


def care_directory(companies: list[Entity]) -> bytes:
    """Places of care, each with the company that runs it: some have homes far from their own address."""
    dice, rows = Dice("care directory"), []
    for company in companies:
        if company.trade in ("care", "homecare", "children") and dice.chance(0.2):
            for place in dice.some(list(PLACES.values()), dice.between(1, 3)):
                number = len(rows)
                rows.append([f"1-9{number:07d}", f"{place.town} House", dice.pick(postcodes(place)), place.town,
                             f"1-8{number:07d}", company.name, company.number])  # fmt: skip
    return _table(CARE, rows)


def emission_factors() -> bytes:
    """Kilograms of CO2e a pound, by group of industry: invented, and lower every year."""
    dice, rows = Dice("emission factors"), []
    divisions = sorted({int(trade.sic[:2]) for trade in TRADES.values() if trade.sic} | {1, 5, 6, 24, 35, 50, 51})
    for division in divisions:
        for group in [f"{division}.1", f"{division}.2"] if division % 5 == 0 else [str(division)]:
            first = dice.skewed(40, 3_000)
            rows.append([group, f"Products of division {division}",
                         *(f"{first * (100 - 3 * at) / 100_000:.5f}" for at in range(9))])  # fmt: skip
    return _table(("sic_group", "title", *map(str, range(2015, 2024))), rows)


def prices() -> bytes:
    """The consumer prices index in the layout of the ONS' time series: years, quarters, then months."""
    months = [(year, month) for year in range(2021, 2026) for month in range(1, 13)]
    level = {at: 1_100 + 4 * number for number, at in enumerate(months)}
    rows = [["CDID", "D7BT"], ["PreUnit", ""], ["Unit", "Index, base year = 100"]]
    rows += [[str(year), f"{sum(level[year, m] for m in range(1, 13)) / 120:.1f}"] for year in range(2021, 2026)]
    rows += [
        [f"{year} Q{quarter}", f"{level[year, 3 * quarter] / 10:.1f}"]
        for year in range(2021, 2026)
        for quarter in range(1, 5)
    ]
    rows += [[f"{year} {MONTHS[month - 1]}", f"{level[year, month] / 10:.1f}"] for year, month in months]
    return _table(("Title", "CPI INDEX 00: ALL ITEMS 2015=100"), rows, csv.QUOTE_ALL)


def boundaries() -> bytes:
    """
    Districts in TopoJSON, steps from point to point in whole units: an invented island in the open Atlantic.

    It is a horseshoe around a bay, each district a slice of it that shares an arc with the next.
    """
    dice, codes = Dice("the bay"), sorted(place.code for place in PLACES.values())
    towns = {place.code: place.town for place in PLACES.values()}
    # Far places, whose councils are not in the sample, are narrow.
    widths = [dice.between(55, 65) if code[-3] == "9" else dice.between(80, 120) for code in codes]
    turns = [0.6 + (2 * math.pi - 1.2) * done / sum(widths) for done in accumulate(widths, initial=0)]
    inner = [_around(turn, dice.between(450, 900)) for turn in turns]
    outer = [_around(turn + dice.between(-6, 6) / 100, dice.between(2000, 2900)) for turn in turns]
    lines = [*zip(inner, outer, strict=True), *pairwise(inner), *pairwise(outer)]
    floor, roof = len(turns), len(turns) + len(codes)
    shapes = [
        {"type": "Polygon", "arcs": [[floor + at, at + 1, ~(roof + at), ~at]],
         "properties": {"areacd": code, "areanm": towns[code]}}
        for at, code in enumerate(codes)
    ]  # fmt: skip
    topology = {"type": "Topology", "objects": {"ltla": {"type": "GeometryCollection", "geometries": shapes}},
                "arcs": [_steps(_crooked(*line, dice)) for line in lines],
                "transform": {"scale": [0.0008, 0.0005], "translate": [-32.0, 45.0]}}  # fmt: skip
    return (json.dumps(topology, separators=(",", ":")) + "\n").encode()


def _around(turn: float, radius: float) -> tuple[int, int]:
    """A point so far from the middle of the bay."""
    return round(3000 + radius * math.cos(turn)), round(3000 + radius * math.sin(turn))


def _crooked(start: tuple[int, int], end: tuple[int, int], dice: Dice, deep: int = 4) -> list[tuple[int, int]]:
    """A line between two points, bent in its middle, and so are its halves."""
    if not deep:
        return [start, end]
    (x, y), (u, v) = start, end
    bend = dice.between(-11, 11) / 100
    middle = (round((x + u) / 2 + bend * (y - v)), round((y + v) / 2 + bend * (u - x)))
    return [*_crooked(start, middle, dice, deep - 1), *_crooked(middle, end, dice, deep - 1)[1:]]


def _steps(points: list[tuple[int, int]]) -> list[list[int]]:
    """Where a line begins, then steps."""
    return [list(points[0]), *([x - u, y - v] for (u, v), (x, y) in pairwise(points))]


def all_of(companies: list[Entity]) -> dict[str, bytes]:
    """Every file by its name."""
    return {
        **{f"UK_Gender_Pay_Gap_Data_{year}_to_{year + 1}.csv": pay_gaps(companies, year) for year in YEARS},
        "payment-practices.csv": payment_practices(companies),
        "modern-slavery-statements.csv": slavery_statements(companies),
        "ONSPD_FEB_2024_ZZ.csv": deprived_postcodes(),
        "care-directory-with-filters.csv": care_directory(companies),
        "emission-factors-by-industry.csv": emission_factors(),
        "series-d7bt.csv": prices(),
        "districts.topojson": boundaries(),
    }
