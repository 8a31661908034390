"""Places, public bodies, companies and charities of the sample. None of them exists."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from maker.dice import Dice

YEARS = ("2021-22", "2022-23", "2023-24")


@dataclass(frozen=True)
class Place:
    """A district of the sample, with the postcode districts that lie in it."""

    code: str
    town: str
    outcodes: tuple[str, ...]
    county: str = ""


@dataclass(frozen=True)
class Trade:
    """What a firm does: words for its name, its SIC code, what a ledger calls it, and pounds a line."""

    words: tuple[str, ...]
    sic: str
    department: str
    purpose: tuple[str, ...]
    category: str
    low: int
    high: int


@dataclass(frozen=True)
class Entity:
    """A company or a charity on an invented register; `previous` holds (date of change, old name)."""

    number: str
    name: str
    trade: str
    place: Place
    postcode: str
    form: str = "Private Limited Company"
    status: str = "Active"
    accounts: str = "MICRO ENTITY"
    incorporated: date = date(2001, 1, 1)
    previous: tuple[tuple[date, str], ...] = ()
    company: str = ""

    @property
    def is_charity(self) -> bool:
        """Whether the number is one of the register of charities."""
        return self.number.isdigit()

    @property
    def org_id(self) -> str:
        """The identifier in org-id form, for the truth tables."""
        return f"GB-CHC-{self.number}" if self.is_charity else f"GB-COH-{self.number}"


PLACES = {
    place.town: place
    for place in (
        Place("E08999001", "Northbeck", ("NQ1", "NQ2", "NQ3", "NQ4")),
        Place("E08999002", "Saltmere", ("NQ5", "NQ6", "NQ7", "NQ8")),
        Place("E08999003", "Dunmere", ("NQ9", "NQ10", "NQ11")),
        Place("E08999004", "Kelderby", ("NQ12", "NQ13", "NQ14")),
        Place("E08999005", "Oxenhythe", ("NQ15", "NQ16", "NQ17")),
        Place("E06999001", "Ashwold", ("NX1", "NX2", "NX3")),
        Place("E07999002", "Hollinmoss", ("NX5", "NX6"), "E10999001"),
        Place("E07999003", "Tarnwick", ("NX7", "NX8"), "E10999001"),
        Place("E09999001", "Pellhithe", ("ZX1", "ZX2", "ZX3")),
        Place("E09999901", "Vellminster", ("ZX5", "ZX6", "ZX7", "ZX8", "ZX9")),
        Place("E06999901", "Far Quarley", ("QX1", "QX2", "QX3")),
        Place("E07999901", "Lower Sedgeholm", ("QX4", "QX5"), "E10999901"),
        Place("E06999902", "Yonderhaven", ("QX7", "QX8")),
    )
}
MASS_ADDRESS = "ZX9 9AA"


def read_trades() -> dict[str, Trade]:
    """Read `trades.csv`; lists are divided by bars, money is whole pounds a line."""
    with (Path(__file__).parent / "trades.csv").open(encoding="utf-8", newline="") as table:
        return {
            row["trade"]: Trade(
                tuple(row["words"].split("|")),
                row["sic"],
                row["department"],
                tuple(row["purpose"].split("|")),
                row["category"],
                int(row["low"]),
                int(row["high"]),
            )
            for row in csv.DictReader(table)
        }


TRADES = read_trades()


ONSETS = ("Quel", "Thrum", "Vask", "Plim", "Drox", "Zorl", "Krend", "Yelv", "Quim", "Brosk", "Fennig",
          "Holv", "Jarl", "Murk", "Nezz", "Osk", "Pragg", "Skeld", "Ulv", "Wexen")  # fmt: skip
ENDINGS = ("thorpe", "wick", "mere", "holt", "fold", "by", "garth", "dale", "shaw", "cote")
STEMS = tuple(onset + ending for onset in ONSETS for ending in ENDINGS)
ACCOUNTS = ("MICRO ENTITY", "MICRO ENTITY", "MICRO ENTITY", "TOTAL EXEMPTION FULL", "TOTAL EXEMPTION FULL",
            "SMALL", "UNAUDITED ABRIDGED", "MEDIUM", "FULL", "FULL", "GROUP", "DORMANT",
            "NO ACCOUNTS FILED", "AUDIT EXEMPTION SUBSIDIARY")  # fmt: skip
BIG_ACCOUNTS = ("FULL", "FULL", "GROUP", "MEDIUM")
STATUSES = ("Active",) * 36 + (
    "Active - Proposal to Strike off",
    "Liquidation",
    "In Administration",
    "Voluntary Arrangement",
)
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"

#: Firms whose names look like a total, a redaction or a note, and must not be dropped; and names that attack a reader.
AWKWARD = (
    ("Redactive Media (Invented) Ltd", "media", "Vellminster", "SMALL"),
    ("Total Grounds Care Ltd", "grounds", "Northbeck", "MICRO ENTITY"),
    ("Grand Total Catering Ltd", "catering", "Saltmere", "TOTAL EXEMPTION FULL"),
    ("Subtotal Software Ltd", "it", "Far Quarley", "SMALL"),
    ("Confidential Waste Shredders (Invented) Ltd", "waste", "Dunmere", "MICRO ENTITY"),
    ("Balance Brought Forward Theatre Ltd", "training", "Oxenhythe", "MICRO ENTITY"),
    ("Personal Data Lawyers LLP", "legal", "Vellminster", "FULL"),
    ("Payee & Amount Printers Ltd", "printing", "Kelderby", "MICRO ENTITY"),
    ("+44 Ltd", "it", "Pellhithe", "MICRO ENTITY"),
    ("<script>alert(1)</script> Ltd", "it", "Ashwold", "MICRO ENTITY"),
)
CATEGORY_BY_FORM = {"LIMITED": "Private Limited Company", "LTD": "Private Limited Company",
                    "PLC": "Public Limited Company", "LLP": "Limited Liability Partnership",
                    "CIC": "Community Interest Company"}  # fmt: skip


def stem_of(name: str) -> str:
    """A company's name without its legal form; another name as it is."""
    stem, _, form = name.rpartition(" ")
    return stem if form.upper() in ("LIMITED", "LTD", "PLC", "LLP", "C.I.C.") else name


def postcodes(place: Place) -> list[str]:
    """Every postcode of a place: some twenty for each of its postcode districts."""
    units = [f"{1 + n % 3}{UNIT_LETTERS[n % 20]}{UNIT_LETTERS[(n * 7 + 3) % 20]}" for n in range(20)]
    return [f"{outcode} {unit}" for outcode in place.outcodes for unit in units]


def some_day(dice: Dice, first: date, last: date) -> date:
    """A day between two others."""
    return first + timedelta(days=dice.below((last - first).days + 1))


def make_companies() -> list[Entity]:
    """Some fifteen hundred companies: single firms, families of near-namesakes, twins that differ in form alone."""
    dice, made, seen = Dice("companies"), list[Entity](), set[str]()
    far = [PLACES["Vellminster"]] * 4 + [PLACES["Far Quarley"], PLACES["Lower Sedgeholm"], PLACES["Yonderhaven"]]
    near = [place for place in PLACES.values() if place not in far]

    def add(name: str, trade: str, place: Place, accounts: str, form: str, twin: bool = False) -> None:
        if not twin and stem_of(name) in seen:  # no two live companies differ in "Ltd" against "Limited" alone
            return
        seen.add(stem_of(name))
        number = f"ZZ{100 + 7 * len(made):06d}"
        postcode = MASS_ADDRESS if dice.chance(0.07) else dice.pick(postcodes(place))
        postcode = "" if dice.chance(0.015) else "QX99 9ZZ" if dice.chance(0.01) else postcode
        born = some_day(dice, date(1971, 1, 4), date(2020, 12, 31))
        previous = []
        if dice.chance(0.09):
            old, changed = (
                f"{dice.pick(STEMS)} {dice.pick(TRADES[trade].words)} Limited",
                some_day(dice, date(2020, 1, 1), date(2023, 6, 30)),
            )
            previous = [] if stem_of(old) in seen else [(changed, old)]
            seen.add(stem_of(old))
        category = CATEGORY_BY_FORM[form]
        made.append(
            Entity(number, name, trade, place, postcode, category, dice.pick(STATUSES), accounts, born, tuple(previous))
        )

    for name, trade, town, accounts in AWKWARD:
        add(name, trade, PLACES[town], accounts, name.rsplit(" ", 1)[1].upper())
    trades = [trade for trade in TRADES if trade != "voluntary" and TRADES[trade].words != ("",)]
    while len(made) < 1480:
        trade, place = dice.pick(trades), dice.pick(near) if dice.chance(0.72) else dice.pick(far)
        accounts = dice.pick(BIG_ACCOUNTS) if place in far and dice.chance(0.5) else dice.pick(ACCOUNTS)
        form = "LLP" if trade == "legal" else "PLC" if accounts == "GROUP" and dice.chance(0.4) else "LIMITED"
        form = "CIC" if trade in ("homecare", "training") and dice.chance(0.15) else form
        first, words = dice.pick(STEMS), dice.pick(TRADES[trade].words)
        written = {"LIMITED": dice.pick(("Limited", "Limited", "Ltd")), "CIC": "C.I.C."}.get(form, form)
        add(f"{first} {words} {written}", trade, place, accounts, form)
        if dice.chance(0.04):  # a family: same stem, different companies
            for extra in ("Group", "Holdings", "(North)"):
                add(f"{first} {words} {extra} Limited", trade, dice.pick(near), dice.pick(ACCOUNTS), "LIMITED")
        if dice.chance(0.02):  # a twin: only the legal form differs
            add(f"{first} {words} LLP", trade, dice.pick(near), dice.pick(ACCOUNTS), "LLP", twin=form != "LLP")
    return made


def make_charities(companies: list[Entity]) -> list[Entity]:
    """Some two hundred charities; every ninth is a company too, and each register states the other's number."""
    dice, made, seen = Dice("charities"), list[Entity](), set[str]()
    near = [place for place in PLACES.values() if place.code[:3] in ("E08", "E06", "E07", "E09")]
    words = TRADES["voluntary"].words
    while len(made) < 210:
        name = f"{dice.pick((dice.pick(STEMS), dice.pick(near).town, 'The ' + dice.pick(STEMS)))} {dice.pick(words)}"
        if name in seen:
            continue
        seen.add(name)
        place, company = dice.pick(near), ""
        if len(made) % 9 == 4:
            company = f"ZZ{900000 + len(made):06d}"
        number, born = str(9900001 + len(made)), some_day(dice, date(1965, 1, 4), date(2019, 12, 31))
        made.append(
            Entity(number, name, "voluntary", place, dice.pick(postcodes(place)), incorporated=born, company=company)
        )
    guarantee = "PRI/LTD BY GUAR/NSC (Private, limited by guarantee, no share capital)"
    companies.extend(
        Entity(charity.company, f"{charity.name} Limited", "voluntary", charity.place, charity.postcode, guarantee,
               accounts="FULL", incorporated=charity.incorporated)
        for charity in made if charity.company
    )  # fmt: skip
    return made
