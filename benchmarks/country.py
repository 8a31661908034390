"""
A country whose truth is known: councils, their payments in messy files, a register with namesakes, and true shares.

Nothing of the truth is told to the pipeline. Figures are judged by how many true shares lie within their ranges, how
many true ranks within the rank intervals, how many councils are admitted, and how wide the intervals are.

    python benchmarks/country.py --councils 30 --register 60000 --out FOLDER
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from dagster_project.measure.ranks import rank_ranges

YEARS = ("2021-22", "2022-23", "2023-24")
KINDS = (
    ("district",) * 9 + ("unitary",) * 4 + ("metropolitan_district",) * 3 + ("london_borough",) * 2 + ("county",) * 2
)
MARKS = {"district": "E07", "unitary": "E06", "metropolitan_district": "E08", "london_borough": "E09", "county": "E10"}
REGIONS = ("TLC", "TLD", "TLE", "TLF", "TLG", "TLH", "TLI", "TLJ", "TLK")
STEMS = ("Al", "Bar", "Cor", "Dun", "El", "Fen", "Gar", "Hol", "Ing", "Kel", "Lam", "Mar", "Nor", "Ox", "Pel", "Quar",
         "Ros", "Sal", "Tarn", "Ul", "Ven", "Wex", "Yar")  # fmt: skip
ENDS = ("beck", "bridge", "by", "combe", "dale", "field", "ford", "ham", "hythe", "ley", "mere", "minster", "mouth",
        "ness", "shaw", "stead", "thorpe", "ton", "wick", "worth")  # fmt: skip
TRADES = (("Care", "87300"), ("Construction", "41201"), ("Highways", "42110"), ("Software", "62012"), ("Catering", "56290"),
          ("Transport", "49390"), ("Cleaning", "81210"), ("Legal", "69102"), ("Energy", "35140"), ("Training", "85590"),
          ("Recycling", "38110"), ("Print", "18129"), ("Plumbing", "43220"), ("Consulting", "70229"))  # fmt: skip
SYLLABLES = ("ba", "cor", "dan", "el", "fa", "gre", "hol", "in", "jo", "ka", "lum", "mar", "ne", "or", "pri", "qua", "ros", "sta", "tec", "ul", "vi", "wen", "xo", "yor", "zen")  # fmt: skip
PAY_GAPS = (
    "EmployerName",
    "CompanyNumber",
    "DiffMeanHourlyPercent",
    "DiffMedianHourlyPercent",
    "EmployerSize",
    "DueDate",
)
#: How fast the share of names falls that many others lengthen; from names of bodies that are really paid, in country.md.
TAIL = 1.75
GIVEN = ("Ann", "Ben", "Cara", "Dev", "Esther", "Farid", "Grace", "Hal", "Iris", "Jon")
LAYOUTS = (
    ("Supplier Name", "Payment Date", "Amount", "Department", "Purpose"),
    ("Beneficiary", "Date Paid", "Net Amount £", "Directorate", "Description"),
    ("Vendor", "Posting Date", "Amount (£)", "Service Area", "Expense Type"),
    ("Payee", "Date", "Value", "Cost Centre", "Narrative"),
)


@dataclass(frozen=True)
class Firm:
    """Who is paid, and the truth about it. `number` is empty where no register has it."""

    number: str
    name: str
    district: int
    postcode: str
    is_small: bool
    is_social: bool
    category: str = "Private Limited Company"
    accounts: str = ""
    sic: str = ""


def make(out: Path, councils: int, register: int, namesakes: float, seed: int = 14) -> None:
    """Write `out/files` (with its own spine, and said to be complete), `out/registers` and `out/truth.csv`."""
    dice = random.Random(seed)
    towns = [f"{a}{b}" for a in STEMS for b in ENDS]
    dice.shuffle(towns)
    kinds = [KINDS[i % len(KINDS)] for i in range(councils)]
    districts = [i for i, kind in enumerate(kinds) if kind != "county"]
    counties = [i for i, kind in enumerate(kinds) if kind == "county"]
    codes = [f"{MARKS[kind]}9{i:05d}" for i, kind in enumerate(kinds)]
    served = {c: [d for n, d in enumerate(d for d in districts if kinds[d] == "district") if n % len(counties) == at]
              for at, c in enumerate(counties)}  # fmt: skip
    postcodes = {d: _postcodes(d, dice) for d in districts}
    _write_spine(out / "files", towns, kinds, codes, served)
    firms = _firms(dice, districts, towns, postcodes, councils * 90)
    _write_registers(out / "registers", dice, firms, (register, namesakes), postcodes, codes, towns)
    by_place = defaultdict(list)
    for firm in firms:
        by_place[firm.district].append(firm)
    truth = []
    for council in range(councils):
        area = set(served.get(council, [council]))
        truth += _council(
            out / "files" / f"council-{council:03d}", dice, council, area, firms, by_place, towns[council]
        )
    with (out / "truth.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["publisher", "period", "measure", "share"])
        writer.writerows(truth)


def _postcodes(district: int, dice: random.Random) -> list[str]:
    outcode = f"{'QXZ'[district // 234 % 3]}{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[district // 9 % 26]}{district % 9 + 1}"
    return sorted(
        {f"{outcode} {dice.randint(1, 9)}{dice.choice('ABDEFGHJ')}{dice.choice('LNPQRSTUW')}" for _ in range(120)}
    )


def _write_spine(
    folder: Path, towns: list[str], kinds: list[str], codes: list[str], served: dict[int, list[int]]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "complete").touch()
    with (folder / "publishers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["slug", "name", "kind", "lad_code", "region", "areas_served"])
        for at, kind in enumerate(kinds):
            title = {"county": "County", "district": "District", "london_borough": "Borough"}.get(
                kind, "Metropolitan Borough"
            )
            name = f"{towns[at]} {title} Council"
            areas = "|".join(codes[d] for d in served.get(at, []))
            writer.writerow([f"council-{at:03d}", name, kind, codes[at], REGIONS[at % len(REGIONS)], areas])


def _firms(
    dice: random.Random, districts: list[int], towns: list[str], postcodes: dict[int, list[str]], many: int
) -> list[Firm]:
    """Companies, charities and sole traders that somebody may pay, each with one true place, size and class."""
    firms, names = [], set()
    while len(firms) < many:
        place, (trade, sic) = dice.choice(districts), dice.choice(TRADES)
        draw = dice.random()
        name = f"{dice.choice(STEMS)}{dice.choice(ENDS)} {trade}"
        name += dice.choice((" Services", " Group", f" {towns[place]}", " Solutions", "", "", " Partners", " UK"))
        if name in names:
            continue
        names.add(name)
        number, code = f"{10_000_000 + len(firms):08d}", dice.choice(postcodes[place])
        if draw < 0.08:  # a sole trader, in no register
            firms.append(
                Firm(
                    "",
                    f"{dice.choice(GIVEN)[0]} {dice.choice(STEMS)}{dice.choice(ENDS)} {trade}",
                    place,
                    code,
                    True,
                    False,
                )
            )
        elif draw < 0.15:
            firms.append(
                Firm(f"GB-CHC-{2_000_000 + len(firms)}", f"{name} Trust", place, code, dice.random() < 0.9, True)
            )
        elif draw < 0.19:
            firms.append(
                Firm(number, f"{name} CIC", place, code, True, True, "Community Interest Company", "MICRO ENTITY", sic)
            )
        else:
            is_small = dice.random() < 0.7
            accounts = (
                dice.choice(("MICRO ENTITY", "TOTAL EXEMPTION FULL", "SMALL", "FULL"))
                if is_small
                else dice.choice(("FULL", "GROUP", "MEDIUM"))
            )
            firms.append(Firm(number, f"{name} Limited", place, code, is_small, False, accounts=accounts, sic=sic))
    return firms


def _write_registers(folder: Path, dice: random.Random, firms: list[Firm], sizes: tuple[int, float], postcodes: dict[int, list[str]],
                     codes: list[str], towns: list[str]) -> None:  # fmt: skip
    """The three registers in their published layouts; companies with near-namesakes of those that are paid."""
    register, namesakes = sizes
    folder.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(Path(__file__).parents[1] / "datapackages" / "sample"))
    from maker.registers import CHARITY, CODE_POINT, COMPANY

    with (folder / "codepo.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(CODE_POINT)
        for place, own in postcodes.items():
            writer.writerows([code, 10, 1, 1, "E92000001", "", "", "", codes[place], ""] for code in own)
    companies = [firm for firm in firms if firm.number.isdigit()]
    with (folder / "BasicCompanyDataAsOneFile.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COMPANY, restval="", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        places = list(postcodes)
        twins = [firm for firm in companies for _ in range(_crowd(dice, namesakes))]
        for at in range(max(register, len(companies) + len(twins))):
            if at < len(companies):
                firm = companies[at]
            else:
                is_twin, place = at < len(companies) + len(twins), dice.choice(places)
                twin = twins[at - len(companies)] if is_twin else dice.choice(companies)
                name = _namesake(dice, twin, towns) if is_twin else _stranger(dice)
                firm = replace(twin, number=f"{20_000_000 + at}", name=name, district=place,
                               postcode=dice.choice(postcodes[place]))  # fmt: skip
            writer.writerow({
                "CompanyName": firm.name.upper(), " CompanyNumber": firm.number, "RegAddress.PostCode": firm.postcode,
                "CompanyCategory": firm.category, "CompanyStatus": "Active", "CountryOfOrigin": "United Kingdom",
                "IncorporationDate": "01/01/2005", "Accounts.AccountCategory": firm.accounts,
                "Accounts.LastMadeUpDate": "31/12/2022", "SICCode.SicText_1": f"{firm.sic} - Something",
            })  # fmt: skip
    with (folder / "publicextract.charity.txt").open("w", newline="", encoding="utf-8") as file:
        charities = csv.DictWriter(file, CHARITY, restval="", delimiter="\t")
        charities.writeheader()
        for firm in firms:
            if firm.number.startswith("GB-CHC-"):
                charities.writerow({
                    "registered_charity_number": firm.number.removeprefix("GB-CHC-"), "linked_charity_number": "0",
                    "charity_name": firm.name, "charity_registration_status": "Registered",
                    "date_of_registration": "2001-01-01 00:00:00.0000000", "charity_contact_postcode": firm.postcode,
                    "latest_income": "400000" if firm.is_small else "90000000",
                })  # fmt: skip

    for year in YEARS:
        due = int(year[:4]) + 1
        with (folder / f"UK Gender Pay Gap Data - {due - 1} to {due}.csv").open(
            "w", newline="", encoding="utf-8"
        ) as file:
            writer = csv.writer(file)
            writer.writerow(PAY_GAPS)
            for firm in companies:
                if not firm.is_small:
                    writer.writerow([firm.name, firm.number, "10.1", "9.4", "250 to 499", f"{due}/03/30 00:00:00"])


def _crowd(dice: random.Random, mean: float) -> int:
    """How many companies have a name that goes on where a firm's ends: few for most names, many for some."""
    return int(mean * (TAIL - 1) * (dice.paretovariate(TAIL) - 1))


def _namesake(dice: random.Random, twin: Firm, towns: list[str]) -> str:
    """The same words with another ending, as other companies of the register have them."""
    words = twin.name.removesuffix(" Limited").removesuffix(" CIC")
    endings = (" Holdings", f" {dice.choice(towns)}", f" {dice.randint(2, 9)}", " (2019)", " & Sons", " International")
    return f"{words}{dice.choice(endings)} Limited"


def _stranger(dice: random.Random) -> str:
    """A company that nobody here pays, of words that are common in a register."""
    first = "".join(dice.choice(SYLLABLES) for _ in range(dice.randint(2, 4))).title()
    return (
        f"{first} {dice.choice(TRADES)[0]}{dice.choice(('', ' Services', ' Group', ' (UK)', ' Consultants'))} Limited"
    )


def _council(folder: Path, dice: random.Random, council: int, area: set[int], firms: list[Firm],
             by_place: dict[int, list[Firm]], town: str) -> list[list[object]]:  # fmt: skip
    """Three years of one council's files, and its true shares."""
    folder.mkdir(parents=True)
    local = 0.15 + 0.5 * dice.random()
    prints_postcode, layout = dice.random() < 0.25, dice.choice(LAYOUTS)
    own, away = [f for d in sorted(area) for f in by_place[d]], [f for f in firms if f.district not in area]
    regulars = dice.sample(own, min(60, len(own))) + dice.sample(away, min(90, len(away)))
    scale = math.exp(dice.gauss(13.6, 0.6))
    truth: list[list[object]] = []
    for year in YEARS:
        net: dict[Firm, int] = defaultdict(int)
        for month in (*range(4, 13), *range(1, 4)):
            lines = []
            start = int(year[:4]) + (month < 4)
            for _ in range(dice.randint(45, 65)):
                pool = [f for f in regulars[:60] if f.district in area] if dice.random() < local else regulars[60:]
                firm = dice.choice(pool or regulars)
                pence = int(scale * math.exp(dice.gauss(0, 1.1))) * (-1 if dice.random() < 0.02 else 1)
                net[firm] += pence
                shown = "REDACTED PERSONAL DATA" if dice.random() < 0.01 else _printed(dice, firm.name)
                lines.append((shown, firm.postcode if prints_postcode else "", pence, dice.randint(1, 28)))
            lines += [("HM Revenue & Customs", "", int(scale * 9), 20), ("REDACTED", "", int(scale), 12),
                      (f"{dice.choice(GIVEN)} {dice.choice(STEMS)}{dice.choice(ENDS)}", "", int(scale / 9), 9)]  # fmt: skip
            _write_month(
                folder / f"{town} spend {start}-{month:02d}.csv", dice, lines, start, month, layout, prints_postcode
            )
        paid = {firm: pence for firm, pence in net.items() if pence > 0}
        base = sum(paid.values())
        for measure, answer in (
            ("e1-stays-in-the-area", lambda f: f.district in area), ("e7-small-and-medium", lambda f: f.is_small),
            ("e8-local-small-and-medium", lambda f: f.district in area and f.is_small),
            ("e9-voluntary-and-social", lambda f: f.is_social),
        ):  # fmt: skip
            truth.append([f"council-{council:03d}", year, measure, sum(p for f, p in paid.items() if answer(f)) / base])
    return truth


def _printed(dice: random.Random, name: str) -> str:
    """A name as ledgers print it."""
    draw = dice.random()
    if draw < 0.35:
        name = name.upper()
    if dice.random() < 0.5:
        name = name.replace("Limited", "Ltd").replace("LIMITED", "LTD")
    if dice.random() < 0.03:
        at = dice.randrange(2, len(name) - 1)
        name = name[:at] + name[at + 1 :]
    return name[:30] if dice.random() < 0.02 else name


def _write_month(path: Path, dice: random.Random, lines: list[tuple[str, str, int, int]], year: int, month: int,
                 layout: tuple[str, ...], prints_postcode: bool) -> None:  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text)
    if dice.random() < 0.3:
        writer.writerow(["Payments to suppliers over £500"])
        writer.writerow([])
    writer.writerow([*layout, *(("Supplier Postcode",) if prints_postcode else ())])
    brackets = dice.random() < 0.3
    for name, postcode, pence, day in lines:
        amount = f"{abs(pence) / 100:,.2f}"
        amount = amount if pence >= 0 else f"({amount})" if brackets else f"-{amount}"
        row = [name, f"{day:02d}/{month:02d}/{year}", amount, "Adult Social Care", "Services"]
        writer.writerow([*row, *((postcode,) if prints_postcode else ())])
    path.write_bytes(text.getvalue().encode(dice.choice(("utf-8", "utf-8-sig", "cp1252"))))


def build(out: Path, whole: bool) -> None:
    """Run the pipeline on it: every stage up to the figures, or all of it."""
    from dagster_project.stages import counting, measuring, naming, packaging, printing, reading
    from dagster_project.stages.plan import Plan

    plan = Plan(source=str(out / "files"), registers=str(out / "registers"), out=str(out / "build"))
    stages = [reading.archive_files, reading.read_files, counting.count_payments, counting.load_registers,
              naming.name_all_payees, measuring.compute_figures]  # fmt: skip
    stages += [measuring.make_league_tables, packaging.write_packages, printing.print_portal] if whole else []
    for stage in stages:
        begun = time.perf_counter()
        stage(plan)
        print(f"{stage.__name__}: {time.perf_counter() - begun:.1f} s", flush=True)
    measuring.figures_frame(plan).to_csv(out / "figures.csv", index=False)


def judge(out: Path) -> None:
    """Print how many true shares and ranks the figures hold, and how wide they are."""
    figures = pd.read_csv(out / "figures.csv").merge(
        pd.read_csv(out / "truth.csv"), on=["publisher", "period", "measure"]
    )
    print(
        "| measure | figures | in bounds | in outer range | mean width | mean outer width | admitted | true ranks held | mean rank interval | by bounds alone: held | interval | interval that the unknown share makes |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    near = 1e-9
    for measure, rows in figures.groupby("measure"):
        inner = ((rows["share"] >= rows["low"] - near) & (rows["share"] <= rows["high"] + near)).mean()
        outer = ((rows["share"] >= rows["outer_low"] - near) & (rows["share"] <= rows["outer_high"] + near)).mean()
        ranked = rows[rows["is_ranked"]].copy()
        groups = ["period", "population"]
        ranked["true_rank"] = ranked.groupby(groups)["share"].rank(ascending=False, method="min")
        held = (ranked["true_rank"].between(ranked["rank_best"], ranked["rank_worst"])).mean()
        ranked["inner_best"] = 0
        ranked["inner_worst"] = 0
        for _, group in ranked.groupby(groups):
            found = rank_ranges(list(zip(group["low"], group["high"], strict=True)))
            ranked.loc[group.index, ["inner_best", "inner_worst"]] = found
        plain = ranked["true_rank"].between(ranked["inner_best"], ranked["inner_worst"]).mean()
        made = _interval_of_widths(ranked, groups)
        print(
            f"| {measure} | {len(rows)} | {inner:.1%} | {outer:.1%} | {(rows['high'] - rows['low']).mean():.3f} | "
            f"{(rows['outer_high'] - rows['outer_low']).mean():.3f} | {len(ranked) / len(rows):.0%} | {held:.1%} | "
            f"{(ranked['rank_worst'] - ranked['rank_best']).mean():.2f} | {plain:.1%} | "
            f"{(ranked['inner_worst'] - ranked['inner_best']).mean():.2f} | {made:.2f} |"
        )


def _interval_of_widths(ranked: pd.DataFrame, groups: list[str]) -> float:
    """How wide rank intervals are if what is unknown of each share, as much as here, is like the rest of its pounds."""
    widths = []
    for _, group in ranked.groupby(groups):
        told = zip(group["share"], group["high"] - group["low"], strict=True)
        ranges = [(share * (1 - width), share * (1 - width) + width) for share, width in told]
        widths += [worst - best for best, worst in rank_ranges(ranges)]
    return sum(widths) / max(len(widths), 1)


def main() -> None:
    """Make the country, run the pipeline on it, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--councils", type=int, default=30)
    parser.add_argument("--register", type=int, default=20_000, help="companies in the register")
    parser.add_argument(
        "--namesakes", type=float, default=5, help="mean number of names that go on where a paid one ends"
    )
    parser.add_argument("--out", type=Path, required=True, help="an empty folder")
    parser.add_argument("--whole", action="store_true", help="packages and portal too")
    asked = parser.parse_args()
    begun = time.perf_counter()
    if not (asked.out / "truth.csv").exists():
        make(asked.out, asked.councils, asked.register, asked.namesakes)
    print(f"{asked.councils} councils made: {time.perf_counter() - begun:.1f} s", flush=True)
    build(asked.out, asked.whole)
    judge(asked.out)


if __name__ == "__main__":
    main()
