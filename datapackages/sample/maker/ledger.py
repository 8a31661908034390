"""What each body of the sample truly paid, before anything is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from maker.bodies import BODIES, Body
from maker.dice import Dice
from maker.world import PLACES, TRADES, YEARS, Entity, stem_of

PEOPLE = ("Mr P Quelmere", "VASKHOLT DORIN MRS", "Dr Z Thrumby", "Ms Oona Skeldgarth", "MURKDALE E J",
          "Mrs Wilfreda Plimcote", "Mr T A Zorlwick", "KRENDSHAW, HESTER", "Miss I Ulvfold",
          "Fennigby Ambrose Mr")  # fmt: skip
OUTSIDERS = ("Hobb & Daughters (Cash Account)", "Village Hall Hire", "Ye Olde Ropewalk Stores",
             "Fishquay Trading", "Nameless Supplies", "Quillbank Card Services",
             "Isle of Yonder Ferries GmbH", "Various", "Foster Carers", "Council Tax Refunds")  # fmt: skip
MERCHANTS = (("SQ *THE COPPER KETTLE", "5812"), ("SUMUP *FENNIGBY FLOWERS", "5992"),
             ("MKTPLACE*INVENTED 7Q2", "5999"), ("RAILTICKETS.INVALID", "4112"),
             ("PAYPAL *VASKBYBOOKS", "5942"), ("ZETTLE_*OSK BAKERY NQ1", "5462"),
             ("PARKING SALTMERE QUAY", "7523"), ("HOTEL AT VELLMINSTER", "7011"),
             ("POSTBOX COUNTER 0142", "9402"), ("QUILLSTATION STATIONERY", "5943"),
             ("MURKMERE MOT CENTRE", "7538"), ("GOCARDLESS *ULV CLOUD", "7372"))  # fmt: skip

BLUE = {"Children's Services": "Learning & Development", "Adult Social Care": "Welfare",
        "Highways & Transport": "Fleet", "Environment": "Fleet", "Public Health": "Occupational Health",
        "Property & Housing": "Estates"}  # fmt: skip
NHS = {"Children's Services": "Catering & Training", "Adult Social Care": "Continuing Healthcare",
       "Public Health": "Clinical Services", "Environment": "Estates & Facilities",
       "Property & Housing": "Estates & Facilities"}  # fmt: skip
OFFICE = {"Children's Services": "People", "Adult Social Care": "People",
          "Highways & Transport": "Crossings", "Environment": "Operations", "Public Health": "People",
          "Property & Housing": "Estates"}  # fmt: skip
#: By kind of body: a council's department and what stands in its place.
ELSEWHERE = {"police": BLUE, "fire": BLUE, "nhs_trust": NHS, "nhs_commissioner": NHS, "department": OFFICE,
             "agency": OFFICE, "national_park": OFFICE,
             "combined_authority": {"Children's Services": "Skills"}}  # fmt: skip
PURPOSES = {
    "School meals": "Canteen",
    "School extension": "New building",
    "Home to school transport": "Concessionary travel",
}
#: Trades of those who stand in no register, and of payees that councils withhold.
BOUGHT_FROM = {"individual": ("person",), "public-body": ("public",), "none": ("sundry",)}
CARE = ("care", "homecare", "children", "person", "person", "taxi")
HOSTILE = ("<script>alert(1)</script> Ltd", '"><img src=x onerror=alert(1)>',
           "\u202eDTL DESREVER\u202c (Invented) Ltd", "\u200fRight\u200e Marks Ltd", "+44 Ltd",
           '=HYPERLINK("https://evil.invalid/","Click")', "@SUM(1+1)*cmd Ltd", "-2+3 Ltd",
           "{{ 7*7 }} Templates Ltd", "Pipe | and # Ltd", "[Click](javascript:alert(1)) Ltd",
           "Robert'); DROP TABLE payments;-- Ltd", "Zero\u200bWidth Ltd", "Non\u00a0Breaking Ltd",
           "CHILDREN\u00e2\u20ac\u2122S MOJIBAKE LTD", "Ampersand &amp; Sons Ltd", "../../etc/passwd Ltd",
           "\uff26\uff55\uff4c\uff4c\uff57\uff49\uff44\uff54\uff48 Ltd",
           " ".join(["Extraordinarily Long Invented Names of Ashwold and District"] * 67)[:3996] + " Ltd")  # fmt: skip
#: Published with its quote neither doubled nor enclosed.
BARE_QUOTE = '5" pipe fittings'
#: (publisher, month, payee, purpose, pence)
EXTRAS = (
    *(
        ("ashwold", f"2023-{4 + number % 4:02d}", payee, "Sundries", 61_234 + 1_111 * number)
        for number, payee in enumerate(HOSTILE)
    ),
    ("oxenhythe", "2023-10", "Osk & Daughter", "Refund to tenant NI no QQ123456C", 71_250),
    ("oxenhythe", "2023-10", "Fennigby Advice", "Contact jo.nobody@example.invalid re invoice", 64_000),
    ("oxenhythe", "2023-10", "Ulvdale Removals", "BACS to sort code 00-00-00 account 12345678", 88_010),
    (
        "oxenhythe",
        "2023-10",
        "Plimcote Lettings",
        "Deposit for Ms Nobody, Flat 9, 999 Nowhere Street, NQ15 1AE",
        102_500,
    ),
    ("oxenhythe", "2023-11", "", "Sundry payment", 54_321),
    ("northbeck", "2022-05", "", "Payments to contractors, June batch", 1_250_000),
    ("beckmere-pcc", "2022-11", "", "Supplies", 77_700),
    ("fenholt", "2022-10", "Ulvdale Removals", BARE_QUOTE, 61_900),
    ("kelderby", "2022-04", "Nameless Supplies", "Delivery to depot\nand second drop", 58_150),
    ("tarn-fells-national-park", "2021-06", "Fishquay Trading", "Stiles and gates", 58_800),
)


@dataclass(frozen=True)
class Payment:
    """
    One payment line as the body knows it.

    Attributes:
        day: Of payment.
        posted: Month of the file that will hold it, `2021-04`; later than `day` where it was posted late.
        payee: As this body's ledger writes it, or the wording that withholds it.
        truth: Identifier of the register's entity, or `none`, `ambiguous`, `individual`, `public-body`, `withheld`.
        supplier: The entity, for bodies that print postcode or number.
        month_only: The file states no day, only a period.
        day_text: What the file states instead of the day, where that is no date.
    """

    day: date
    posted: str
    payee: str
    pence: int
    reference: str
    department: str
    purpose: str
    category: str
    truth: str
    supplier: Entity | None = None
    kind: str = "payments"
    month_only: bool = False
    day_text: str = ""

    @property
    def month(self) -> str:
        """Month of payment; nothing where the published date cannot be read."""
        return "" if self.day_text else f"{self.day:%Y-%m}"

    @property
    def is_withheld(self) -> bool:
        """Whether the name is withheld by a wording (a blank payee is not)."""
        return self.truth == "withheld"


def months_of(year: str) -> list[str]:
    """The twelve months of a financial year, April first."""
    first = int(year[:4])
    return [f"{first}-{month:02d}" for month in range(4, 13)] + [f"{first + 1}-{month:02d}" for month in range(1, 4)]


def workdays(month: str) -> list[date]:
    """The days of a month on which payment runs are made: Tuesdays, Thursdays and Fridays."""
    first = date.fromisoformat(f"{month}-01")
    days = [first + timedelta(days=n) for n in range(31)]
    return [day for day in days if day.month == first.month and day.weekday() in (1, 3, 4)]


def respelt(name: str, style: int, town: str) -> str:
    """A name with one of the habits of ledgers; most of them have none."""
    habits = {
        0: name.replace(" Limited", "").replace(" Ltd", ""),
        1: f"{name} T/A {name.split(maxsplit=1)[0]} Direct",
        2: f"{name} ({town or 'Head Office'})",
        3: f"{name.replace(' Limited', ' Ltd')}.",
        4: name.replace("&", "and") if "&" in name else name.replace(" and ", " & "),
        5: name[:3] + name[4:5] + name[3:4] + name[5:],  # two letters changed places
        6: f"{name} ",
    }
    return habits.get(style, name)


def written(entity: Entity, body: Body) -> str:
    """How one ledger writes a supplier's name: always the same way, and seldom the register's way."""
    dice, name = Dice(f"{body.slug} writes {entity.number}"), entity.name
    if entity.previous and dice.chance(0.6):
        name = entity.previous[0][1]
    if dice.chance(0.35):
        name = name.replace("Limited", "Ltd") if "Limited" in name else name.replace("Ltd", "Limited")
    name = respelt(name, dice.below(20), body.town)
    if body.slug in ("dunmere", "fenholt", "marrowshire-fire") or dice.chance(0.2):
        name = name.upper()
    return name[:30] if body.slug == "dunmere" else name


class Panel:
    """The suppliers of one body: its own place first, then the rest of the country."""

    def __init__(self, body: Body, entities: list[Entity]) -> None:
        """Draw the panel; the same body has the same panel for ever."""
        dice = Dice(f"{body.slug} panel")
        awkward = [
            entity for entity in entities[:10] if body.kind == "metropolitan_district" and entity.name[0] not in "<+"
        ]
        wanted = [entity for entity in entities if not body.trades or entity.trade in body.trades]
        home = [entity for entity in wanted if entity.place == PLACES.get(body.town)]
        away = [entity for entity in wanted if entity.place != PLACES.get(body.town)]
        self.home = dice.some(home, 45) or away[:5]
        self.away = dice.some(away, 70 if body.lines > 40 else 35)
        self.away[6:6] = awkward
        stems: dict[str, int] = {}
        for entity in entities:
            stem = stem_of(entity.name)
            stems[stem] = stems.get(stem, 0) + 1
        self.ambiguous = {stem for stem, count in stems.items() if count > 1}

    def draw(self, dice: Dice, local: float) -> Entity:
        """One supplier, the first of the panel more often."""
        return dice.early(self.home if dice.chance(local) else self.away)

    def truth(self, entity: Entity, payee: str) -> str:
        """What the payee truly is; `ambiguous` where a twin differs in the legal form alone and none is written."""
        return "ambiguous" if payee in self.ambiguous else entity.org_id

    def write(self, entity: Entity, body: Body) -> str:
        """The name as this ledger writes it; of twins it often writes only what they share."""
        stem = stem_of(entity.name)
        return (
            stem
            if stem in self.ambiguous and len(stem) < 30 and entity.number[-1] in "02468"
            else written(entity, body)
        )


def payee_of(body: Body, panel: Panel, dice: Dice) -> tuple[str, str, Entity | None]:
    """Payee as published, its truth, and the entity if there is one."""
    if dice.chance(body.redacted):
        return dice.early(body.withheld), "withheld", None
    if dice.chance(0.03) and not body.least:
        return dice.pick(PEOPLE), "individual", None
    if dice.chance(0.05):
        others = [other.name for other in BODIES if other.slug != body.slug]
        return dice.pick(others), "public-body", None
    if dice.chance(0.05):
        return dice.pick(OUTSIDERS), "none", None
    entity = panel.draw(dice, body.local)
    payee = panel.write(entity, body)
    return payee, panel.truth(entity, payee), entity


def in_words_of(body: Body, department: str, purpose: str) -> tuple[str, str]:
    """Department and purpose as bodies that are no council call them."""
    if body.lines and body.kind in ELSEWHERE:
        words = ELSEWHERE[body.kind]
        return words.get(department, department), PURPOSES.get(purpose, purpose)
    return department, purpose


def month_of_payments(body: Body, month: str, panel: Panel, first_reference: int) -> list[Payment]:
    """What one body paid in one month: invoices of one to four lines, some credits, some lines that are equal."""
    dice, days, found = Dice(f"{body.slug} {month}"), workdays(month), list[Payment]()
    wanted = body.lines * dice.between(80, 122) // 100
    number = first_reference
    while len(found) < wanted:
        payee, truth, entity = payee_of(body, panel, dice)
        trade = TRADES[entity.trade if entity else dice.pick(BOUGHT_FROM.get(truth, body.trades) or CARE)]
        day, number = dice.pick(days), number + dice.between(1, 9)
        lines = dice.between(2, 4) if dice.chance(0.15) else 1
        for _ in range(lines):
            pence = dice.skewed(trade.low, trade.high) * 100 * body.scale + dice.pick((0, 0, 0, 50, dice.below(100)))
            pence = max(pence, body.least + dice.below(90_000)) if body.least else pence
            if dice.chance(0.03):
                pence = -pence // 3
            department, purpose = in_words_of(body, trade.department, dice.pick(trade.purpose))
            reference = f"{body.prefix}{number:06d}"
            line = Payment(day, month, payee, pence, reference, department, purpose, trade.category, truth, entity)
            found.extend([line] * (dice.between(2, 4) if dice.chance(0.012) else 1))
    return found


def month_of_cards(body: Body, month: str, lines: int) -> list[Payment]:
    """What one body's staff paid by card in one month."""
    dice, days, found = Dice(f"{body.slug} cards {month}"), workdays(month), []
    for number in range(lines):
        merchant, code = dice.pick(MERCHANTS)
        pence = dice.skewed(350, 90_000) if not body.least else dice.skewed(50_000, 900_000)
        pence = -pence if dice.chance(0.02) else pence
        reference = f"C{month[2:4]}{month[5:]}{number:04d}"
        line = Payment(dice.pick(days), month, merchant, pence, reference, "", "Purchasing card", code, "none")
        found.append(replace(line, kind="cards"))
    return found


def months_alive(body: Body) -> list[str]:
    """The months of the sample in which a body exists."""
    return [
        month
        for year in YEARS
        for month in months_of(year)
        if body.start[:7] <= month and (not body.end or month <= body.end[:7])
    ]


def pay(body: Body, entities: list[Entity]) -> dict[str, list[Payment]]:
    """Everything that one body paid, by month of the file it will stand in."""
    panel = Panel(body, entities)
    ledger = {
        month: month_of_payments(body, month, panel, 1000 + 700 * at) for at, month in enumerate(months_alive(body))
    }
    if body.slug == "kelderby":  # some lines of 2023-24 are posted a month late; March is closed in time
        late = [line for month in months_of("2023-24")[:-1] for line in ledger[month][::31]]
        following = dict(zip(months_of("2023-24"), months_of("2023-24")[1:], strict=False))
        for line in dict.fromkeys(late):
            copies = ledger[line.month].count(line)
            ledger[line.month] = [other for other in ledger[line.month] if other != line]
            ledger[following[line.month]] += [replace(line, posted=following[line.month])] * copies
    if body.slug == "marrowshire-fire":  # from April 2022 its files state a period and no day
        ledger = {
            month: [replace(line, month_only=month >= "2022-04") for line in lines] for month, lines in ledger.items()
        }
    if body.slug == "northbeck-infirmary":  # its ledger prints a code of its own before each supplier
        ledger = {month: [replace(line, payee=coded(line)) for line in lines] for month, lines in ledger.items()}
    for month, line in extras(body, entities):
        ledger[month].append(line)
    return ledger


def coded(line: Payment) -> str:
    """A payee with the code of a ledger before it."""
    return f"UK00{sum(map(ord, line.payee)):07d}01 : {line.payee}" if line.supplier else line.payee


def extras(body: Body, entities: list[Entity]) -> list[tuple[str, Payment]]:
    """Lines there for one purpose each: payees that attack a reader, personal data in a text, a blank payee."""
    register = {entity.name: entity for entity in entities}
    made = []
    for number, (slug, month, payee, purpose, pence) in enumerate(EXTRAS):
        if slug != body.slug:
            continue
        entity, day, reference = register.get(payee), workdays(month)[-1], f"{body.prefix}9{number:05d}"
        truth = entity.org_id if entity else "none"
        line = Payment(day, month, payee, pence, reference, "Corporate Services", purpose, "Supplies", truth, entity)
        made.append((month, replace(line, day_text="25/01/212") if slug == "tarn-fells-national-park" else line))
    return made


def total(payments: Iterable[Payment]) -> int:
    """Pence of some payments."""
    return sum(payment.pence for payment in payments)
