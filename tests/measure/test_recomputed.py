"""
Every figure of the sample once more, in plain Python from the published CSV files and the method pages alone.

Nothing of the pipeline is used. Where a figure differs in the last digit, one of the two is wrong, or a page is.
"""

import csv
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "datapackages" / "sample" / "registers"
IN = {"supplier", "arms_length", "intermediary"}
NAMELESS = {"redacted", "unreadable"}


def read(path, delimiter=","):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{k.strip(): v for k, v in row.items()} for row in csv.DictReader(file, delimiter=delimiter)]


def pence(text):
    return int(Fraction(text) * 100)


def year_of(month):
    if not month:
        return ""
    start = int(month[:4]) - (month[5:] < "04")
    return f"{start}-{(start + 1) % 100:02d}"


def both(a, b):
    return False if a is False or b is False else None if a is None or b is None else True


class World:
    """The published tables, and what the sample's registers say."""

    def __init__(self, package):
        self.bodies = {row["slug"]: row for row in read(package / "publishers.csv")}
        self.figures = read(package / "figures.csv")
        self.region = {
            row["lad_code"]: row["region"]
            for row in self.bodies.values()
            if row["lad_code"][:3] in ("E06", "E07", "E08", "E09")
        }
        self.companies = {
            f"GB-COH-{row['CompanyNumber']}": row for row in read(SAMPLE / "BasicCompanyDataAsOneFile-2024-04-01.csv")
        }
        charities = read(SAMPLE / "publicextract.charity.txt", "\t")
        self.charities = {f"GB-CHC-{row['registered_charity_number']}": row for row in charities}
        self.charitable = {
            f"GB-COH-{row['charity_company_registration_number'].zfill(8)}"
            for row in charities
            if row["charity_company_registration_number"]
        }
        self.lines = defaultdict(list)
        for row in read(package / "payments.csv"):
            if row["dataset_kind"] == "payments" and row["month"]:
                self.lines[row["publisher"], year_of(row["month"])].append(row)
        self.payees = {key: self._payees(*key) for key in self.lines}

    def _payees(self, slug, year):
        grouped = defaultdict(list)
        for row in self.lines[slug, year]:
            name = {"redacted": row["redaction"], "withheld": "[masked]"}.get(row["payee_missing"], row["payee"])
            unit = row["supplier_id"] or f"{row['payee_class']}|{name.strip(' ').lower()}"
            grouped[unit, row["payee_class"]].append(row)
        body = self.bodies[slug]
        here = set(filter(None, body["areas_served"].split("|"))) or {body["lad_code"]}
        found = []
        for (unit, kind), rows in grouped.items():
            lads = {row["payee_lad_code"] for row in rows} - {""}
            supplier = rows[0]["supplier_id"]
            inside = {lad in here for lad in lads}
            regions = {
                self.region[lad] == body["region"] if lad in self.region and body["region"] else None for lad in lads
            }
            found.append({
                "unit": unit, "class": kind, "supplier": supplier, "net": sum(pence(row["amount"]) for row in rows),
                "scope": True if kind in IN else None if kind in NAMELESS else False,
                "in_area": inside.pop() if len(inside) == 1 else None,
                "in_region": next(iter(regions - {None})) if len(regions - {None}) == 1 else None,
                "in_uk": False if supplier[:9] in ("GB-COH-FC", "GB-COH-SF", "GB-COH-NF") else True if lads or supplier else None,
                **self._facts(supplier, int(year[:4]) + 1),
            })  # fmt: skip
        return found

    def _facts(self, supplier, ends):
        firm, charity = self.companies.get(supplier), self.charities.get(supplier)
        kind = (firm or {}).get("CompanyCategory", "").upper()
        sic = (firm or {}).get("SICCode.SicText_1", "").split(" ")[0]
        division = int(sic[:-3]) if sic.isdigit() else None
        name = (firm or {}).get("CompanyName", "") or (charity or {}).get("charity_name", "")
        social = (
            bool(charity)
            or supplier in self.charitable
            or kind.startswith("COMMUNITY INTEREST")
            or "CHARITABLE INCORPORATED" in kind
        )
        society = "REGISTERED SOCIETY" in kind or ("INDUSTRIAL" in kind and "PROVIDENT" in kind)
        owners = kind in (
            "PRIVATE LIMITED COMPANY",
            "PUBLIC LIMITED COMPANY",
            "LIMITED PARTNERSHIP",
            "LIMITED LIABILITY PARTNERSHIP",
        )
        vcse = True if social else None if society or not owners else False
        words = ("UNIVERSIT", "SCHOOL", "ACADEM", "COLLEGE", "HOUSING", "NHS", "HOSPITAL", "COUNCIL")
        broad = division == 85 or any(part.startswith(words) for part in name.upper().replace("-", " ").split())
        return {
            "sme": self._sme(firm, charity, kind, division, ends), "vcse": vcse,
            "vcse_narrow": False if social and broad else vcse,
            "social_form": True if society or kind.startswith("COMMUNITY INTEREST") else None if "CO-OP" in name.upper() else False if owners or social else None,
        }  # fmt: skip

    @staticmethod
    def _sme(firm, charity, kind, division, ends):
        if charity:
            return True if charity["latest_income"] and int(charity["latest_income"]) <= 1_000_000 else None
        if not firm or kind == "PUBLIC LIMITED COMPANY" or not firm["Accounts.LastMadeUpDate"]:
            return None
        _, month, year = map(int, firm["Accounts.LastMadeUpDate"].split("/"))
        if abs((ends - year) * 12 + 3 - month) > 36:
            return None
        accounts = firm["Accounts.AccountCategory"]
        if accounts == "MICRO ENTITY":
            return True
        small = (
            "SMALL",
            "TOTAL EXEMPTION FULL",
            "TOTAL EXEMPTION SMALL",
            "UNAUDITED ABRIDGED",
            "AUDITED ABRIDGED",
            "PARTIAL EXEMPTION",
        )
        return True if accounts in small and division is not None and division not in (78, 80, 81, 87, 88) else None


def share(payees, answer):
    """Low, high, base and pounds not known of a question that is asked of payees."""
    yes = sum(p["net"] for p in payees if p["scope"] and answer(p))
    maybe = sum(p["net"] for p in payees if p["scope"] and answer(p) is None)
    yes_maybe_in = sum(p["net"] for p in payees if p["scope"] is None and answer(p))
    no_maybe_in = sum(p["net"] for p in payees if p["scope"] is None and answer(p) is False)
    neither = sum(p["net"] for p in payees if p["scope"] is None and answer(p) is None)
    base = sum(p["net"] for p in payees)
    if not base:
        return None
    low = Fraction(yes, base - yes_maybe_in) if base > yes_maybe_in else Fraction(1)
    high = Fraction(yes + maybe + yes_maybe_in + neither, base - no_maybe_in) if base > no_maybe_in else Fraction(0)
    return low, high, base, maybe + yes_maybe_in + no_maybe_in + neither


def largest(payees, allowed, how_many):
    pool = [p | {"scope": True} for p in payees if p["net"] > 0 and allowed(p)]
    return sorted(pool, key=lambda p: (-p["net"], p["unit"].encode(), p["class"]))[:how_many]


def payee_measures(world, slug, year):
    payees = [p for p in world.payees[slug, year] if p["net"] > 0]
    base = [p for p in payees if p["scope"] is not False]
    has_area = bool(world.bodies[slug]["lad_code"] or world.bodies[slug]["areas_served"])
    found = {
        "e6-stays-in-the-uk": share(base, lambda p: p["in_uk"]), "e7-small-and-medium": share(base, lambda p: p["sme"]),
        "e9-voluntary-and-social": share(base, lambda p: p["vcse"]),
        "e9n-voluntary-and-social-narrow": share(base, lambda p: p["vcse_narrow"]),
        "e10-member-owned": share(base, lambda p: p["social_form"]),
    }  # fmt: skip
    if has_area:
        found |= {
            "e1-stays-in-the-area": share(base, lambda p: p["in_area"]),
            "e2-known-site-in-the-area": share(base, lambda p: p["in_area"] or None),
            "e3-three-hundred-largest": share(largest(payees, lambda p: p["scope"], 300), lambda p: p["in_area"]),
            "e3p-three-hundred-largest-with-public-bodies": share(
                largest(payees, lambda p: p["scope"] or p["class"] == "public_body", 300), lambda p: p["in_area"]),
            "e5-stays-in-the-region": share(base, lambda p: p["in_region"]),
            "e8-local-small-and-medium": share(base, lambda p: both(p["in_area"], p["sme"])),
        }  # fmt: skip
    total, withheld = sum(p["net"] for p in base), sum(p["net"] for p in base if p["scope"] is None)
    named = largest(payees, lambda p: p["scope"], 10**9)
    if total:
        top = sum(p["net"] for p in named[:10])
        found["top-ten-share"] = Fraction(top, total), Fraction(top + withheld, total), total, withheld
        loose = sum(p["net"] for p in named[1:] if not p["supplier"])
        most = (named[0]["net"] + loose + withheld) ** 2 if named else withheld**2
        most += sum(p["net"] ** 2 for p in named[1:] if p["supplier"])
        squares = sum(p["net"] ** 2 for p in named)
        found["e11-concentration"] = Fraction(squares, total**2), Fraction(most, total**2), total, withheld
    start = int(year[:4]) - 1
    before = f"{start}-{(start + 1) % 100:02d}"
    if len({row["month"] for row in world.lines.get((slug, before), [])}) >= 10:
        old = {(p["unit"], p["class"]) for p in world.payees[slug, before]}

        def kept(p):
            if p["scope"] is None:
                return None
            return True if (p["unit"], p["class"]) in old else False if p["supplier"] else None

        found["e14-retained"] = share(base, kept)
    return {measure: value for measure, value in found.items() if value}


def line_measures(world, slug, year):
    lines = world.lines[slug, year]
    paid = [row for row in lines if pence(row["amount"]) > 0]
    total = sum(pence(row["amount"]) for row in lines)
    pounds = sum(pence(row["amount"]) for row in paid)
    named = sum(pence(row["amount"]) for row in paid if row["is_redacted"] == "false")
    told = [row for row in paid if row["payee_class"] in IN]
    numbers = ("company_number", "charity_number", "vat_number", "payee_postcode")
    base = sum(pence(row["amount"]) for row in told)
    fields = sum(
        1 + sum(bool(row[name]) for name in ("date", "department", "purpose", "category", "reference"))
        + bool(row["payee"] or row["is_redacted"] == "true" or row["payee_missing"] == "withheld") for row in lines
    )  # fmt: skip
    counts = sorted(sum(1 for row in lines if row["month"] == month) for month in {row["month"] for row in lines})
    middle = Fraction(counts[(len(counts) - 1) // 2] + counts[len(counts) // 2], 2)
    months = sum(Fraction(1, 2) if 5 * n < middle else 1 for n in counts)
    found = {
        "spend": (Fraction(total, 100), Fraction(total, 100), total, 0),
        "t2-completeness": (Fraction(months) / 12, Fraction(months) / 12, 1200, 0),
        "t3-fields": (Fraction(fields, 7 * len(lines)), Fraction(fields, 7 * len(lines)), 700 * len(lines), 0),
    }  # fmt: skip
    if pounds:
        found["t6-named-payees"] = Fraction(named, pounds), Fraction(named, pounds), pounds, 0
    if base:
        part = Fraction(sum(pence(row["amount"]) for row in told if any(row[n] for n in numbers)), base)
        found["t7-identifiers"] = part, part, base, 0
    return found


@pytest.fixture(scope="module")
def world(sample_build):
    return World(sample_build / "packages" / "all")


#: Measures of files and their layout are recomputed by tests/measure/test_figures.py; a scenario is two sums of others.
ELSEWHERE = {"t4-format", "t5-stability", "t10-counted-once", "t12-readability", "er-respent"}


def test_every_figure_agrees_to_the_last_digit(world):
    said = {(f["measure"], f["publisher"], f["period"]): f for f in world.figures if f["measure"] not in ELSEWHERE}
    found = {}
    for slug, year in world.lines:
        for measure, value in (payee_measures(world, slug, year) | line_measures(world, slug, year)).items():
            found[measure, slug, year] = value
    odd = [f"{key}: only one of us has it" for key in sorted(set(said) ^ set(found))]
    for key in sorted(set(said) & set(found)):
        low, high, base, unknown = found[key]
        figure = said[key]
        ours = (float(low), float(high), base, unknown)
        theirs = (float(figure["low"]), float(figure["high"]), pence(figure["base"]), pence(figure["unknown"]))
        if ours != theirs:
            odd.append(f"{key}: recomputed {ours}, published {theirs}")
    assert not odd, f"{len(odd)} of {len(said)} differ:\n" + "\n".join(odd[:20])
    assert len(said) > 500
