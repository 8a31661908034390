"""Every sentence and name that recurs on pages, so that another language can follow. Braces are filled."""

from __future__ import annotations

SITE_NAME = "The Local Pound"
CLAIM = "Where it goes. What stays. How sure we are."

BANNERS = {
    "sample": ("Invented data.", "Nothing on this page is about a real council, company or person."),
    "folder": (
        "A set of files, not a complete harvest.",
        "What is missing here may well be published.",
    ),
}

BANNER_COMPLETE_FOLDER = (
    "A set of files.",
    "It is said to be everything that these bodies published; we have not checked that.",
)
RELEASE = "Release of {day}."
NO_RELEASE = "No release: the files do not say when they were fetched."
CITED_PACKAGE = "Data package local-pound {version}"
CITED_SUPPLIERS = "Data package suppliers {version}"
CITED_RELEASE = ", files retrieved up to {day}"
CITED_SAMPLE = "Invented data."
CONTACT = "Write to [{contact}](mailto:{contact})."
NO_CONTACT = (
    "This copy of the portal was built without an address to write to. "
    "Whoever publishes it sets one, and it then stands here."
)
ISSUES = "You can also [open an issue]({issues})."
ORIGINS = {
    "sample": "This copy is built from invented files, to show how everything works. "
    "No body, supplier or payment in it exists.",
    "folder": "This copy is built from a set of files in a folder. It is not a complete harvest.",
    "live": "This copy is built from files fetched from the public bodies’ own websites.",
}

#: The top pages, as mkdocs.yml names them: which one a data page belongs to.
HOME, FIND, BODIES, SUPPLIERS, TABLES = "Home", "Find yours", "Public bodies", "Suppliers", "League tables"
DATA, SOURCES, METHODS, ABOUT = "Data", "Sources", "How we know", "About"
COMPARE, MAP = "Compare", "Map"

#: Kind of body to its part of an address, in the order in which kinds are listed. What a kind is called, the vocabulary
#: says (publisher_kinds.csv); a name may be improved, an address may not.
KINDS = {
    "metropolitan_district": "metropolitan-boroughs",
    "london_borough": "london-boroughs",
    "unitary": "unitary-councils",
    "county": "county-councils",
    "district": "district-councils",
    "combined_authority": "combined-authorities",
    "police": "police-bodies",
    "fire": "fire-authorities",
    "national_park": "national-park-authorities",
    "parish": "parish-and-town-councils",
    "department": "government-departments",
    "agency": "government-agencies",
    "nhs_trust": "nhs-trusts",
    "nhs_commissioner": "nhs-commissioners",
    "other": "other-public-bodies",
}

REGIONS = {
    "TLC": "North East", "TLD": "North West", "TLE": "Yorkshire and The Humber", "TLF": "East Midlands",
    "TLG": "West Midlands", "TLH": "East of England", "TLI": "London", "TLJ": "South East", "TLK": "South West",
    "TLL": "Wales", "TLM": "Scotland", "TLN": "Northern Ireland",
}  # fmt: skip

#: State of a body, as `totals` has it, in words and in a sentence about it.
STATES = {
    "published": ("Read", "Every file that we have could be read."),
    "partly read": ("Partly read", "Some files could be read, others not yet."),
    "not read": ("Not read yet", "We have files, and could read none of them yet."),
    "no files": ("No files here", "We have no files from this body."),
}

FILE_STATES = {
    "read": ("Read", "The file is a list of payments, and every row and penny of it is accounted for."),
    "not_spend": ("Not payments", "The file opens, and holds something else than a list of payments."),
    "not_a_table": ("Not a table", "A PDF, a web page or a damaged file: no software can read it reliably."),
    "duplicate": ("Duplicate", "The same bytes as another file, so nothing of it is counted again."),
    "refused": (
        "Refused",
        "Our own count of the file did not balance, so we publish nothing of it. The fault is ours.",
    ),
}

STATUSES = {
    "ok": "Known within its range",
    "partial": "Months are missing",
    "nothing-known": "Not known",
    "no-base": "Nothing to take a share of",
    "negative-base": "More came back than was paid",
    "no-files": "No files",
}

#: Why a figure has no value or says nothing, for the reader.
WHY_NO_VALUE = {
    "nothing-known": "Nothing that was published lets anybody place this spending. It could all be in, or all be out.",
    "no-base": "There was no spending to take a share of.",
    "negative-base": "More money came back than was paid out, so a share means nothing here.",
    "no-files": "There are no files for this year.",
}

NOT_KNOWN = "not known"
NOT_PUBLISHED = "not published"
NOT_RANKED = "not ranked"
ALONE = "nothing to compare with"
WHY_ALONE = "No other body of its kind can be ranked for this year."
NOTE_ALONE = "Where there is nothing to compare with, no other body of its kind can be ranked for the year."
MASKED = "Name masked"
NO_NAME = "No name given"
NO_SERVICE = "No service given"

MASKED_BY_BODY = "The body removed this name before publishing. The amount is counted."
MASKED_PERSON = "This payee may be a person, so we do not repeat the name. The amount is counted."

NOTE_NOTHING = (
    "We cannot say how much stayed in the area. A payment can be placed where the body prints the payee’s postcode, "
    "or where a register has an entry of exactly that name. Here neither is so for enough of the spending to "
    "say anything at all."
)
#: Where a share says next to nothing: why, and what would change it.
HARDLY = (
    "How much of it stayed in the area, we cannot say yet: for {part} of the money that went to a name, the payee is not tied "
    "to a register. A register that has these payees, or a postcode on their lines, would change that."
)
HARDLY_PLACED = (
    "How much of it stayed in the area, we cannot say yet: for {part} of the money, neither its lines nor a register tell "
    "where the payee is. A postcode on these lines, or a register that has one, would change that."
)
HARDLY_SURE = (
    "Of {base} spent with suppliers, {stayed} surely stayed and {left} surely went elsewhere. The rest is hatched."
)
HARDLY_NOTHING = "Of {base} spent with suppliers, nothing can be placed yet. All of it is hatched: it could all have stayed, or none."
NOTE_CASH = "Cash terms: as paid, with no allowance for inflation."
#: Where a file does not say what was bought, or which service it was for.
NOT_SAID = "not said"
#: What was bought: its name, and what is meant.
BOUGHT = {
    "goods": ("Goods", "things and energy, such as equipment, food, fuel"),
    "services": ("Services", "what others do, such as care, cleaning, advice, hire"),
    "works": ("Works", "building, and repair of buildings and roads"),
    "nothing bought": ("Nothing bought", "grants, taxes, pay, benefits, loans, rent of land"),
    NOT_SAID: ("Not said", "the line's own words do not tell"),
}
REACHED_LOCAL, REACHED_SMALL, REACHED_VOLUNTARY = (
    "the area", "small and medium firms of the area", "voluntary and social bodies",
)  # fmt: skip
SERVICE_BAR = "Of every pound, {stay}p stayed local, {unknown}p is not known and {away}p went elsewhere."
NOTE_BOUGHT = (
    "Read from the words on each line: its category first, then its purpose. Bodies word them differently, so this is a guide and "
    "no classification of theirs."
)
NOTE_SERVICES = "Bodies name services differently, and these are its own headings."
NOTE_VAT = "Amounts are as the body published them; most bodies leave out VAT that they can claim back."

OPEN_YEAR = "We have {months} of the 12 months of {year}. The total can only rise; shares can go either way."

WHOLE_PACKAGE = "Everything in one file"
MANIFEST = "Hash and size of every file"
YEAR_OF_PAYMENTS = "Payments of {year}"
FORMATS = {"csv": "CSV", "parquet": "Parquet", "json": "JSON", "zip": "ZIP", "datapackage": "Data package"}

LICENCE = "Contains public sector information licensed under the Open Government Licence v3.0."


def kind_slug(kind: str) -> str:
    """A kind in an address: `"metropolitan-boroughs"`."""
    return KINDS.get(kind, kind.replace("_", "-"))


def in_sentence(name: str) -> str:
    """The name of a kind within a sentence: `"county councils"`, but `"NHS trusts"`, `"London boroughs"`."""
    return name if name.startswith(("NHS", "London")) else name[:1].lower() + name[1:]


def short_name(name: str) -> str:
    """
    A body's name as people say it in a sentence.

    `"Northbeck Metropolitan Borough Council"` is `"Northbeck"`, `"London Borough of Pellhithe"` is `"Pellhithe"`; a
    name without such an ending stays whole.
    """
    for ending in (" Metropolitan Borough Council", " Metropolitan District Council", " Borough Council",
                   " City Council",
                   " County Council", " District Council", " Council", " NHS Foundation Trust", " NHS Trust",
                   " Combined Authority", " National Park Authority"):  # fmt: skip
        if name.endswith(ending):
            name = name.removesuffix(ending)
            break
    for beginning in ("London Borough of ", "Royal Borough of ", "Metropolitan Borough of ", "City of "):
        name = name.removeprefix(beginning)
    return name


def first_of(rows: list[dict[str, str]], key: str) -> dict[str, str]:
    """The row of a vocabulary table whose first column is `key`; empty where there is none."""
    return next((row for row in rows if next(iter(row.values()), None) == key), {})


#: Families of measures in the order of the pages: heading, and what they have in common.
FAMILIES = {
    "basics": ("How much", "What everything else here is a part of."),
    "economic": ("Who benefits, and where", "What the money does for an economy: place, size and kind of suppliers."),
    "social": ("What suppliers do for people", "As far as registers say it, and they say little."),
    "environmental": ("What it does to the climate", "Estimates by averages of industries."),
    "openness": ("How openly it is published", "Each by itself: one number of all of them would be an opinion."),
    "scenario": ("What if", "Scenarios with stated assumptions. Never ranked, never added to anything."),
}
#: What measures need that is not at hand, as it stands behind "needs".
NEEDS = {
    "complete": "files that are said to be everything the body published",
    "harvest": "visits to the body’s website over time",
    "county-borders": "the borders of counties, from the Office for National Statistics’ boundaries",
    "deprivation": "a postcode directory with the deprivation of neighbourhoods",
    "gender-pay-gap": "the gender pay gap reports",
    "staff-in-accounts": "the number of staff from companies’ filed accounts",
    "modern-slavery": "the modern slavery statement registry",
    "payment-practices": "the payment practices reports",
    "payments-compliance-notices": "payments compliance notices under the Procurement Act 2023",
    "living-wage-employers": "an open list of accredited living-wage employers with company numbers",
    "grants-lists": "the bodies’ grants lists, which are not counted here yet",
    "emission-factors": "emission factors by industry",
    "consumer-prices": "the consumer prices index",
}
CANNOT_YET = "This cannot be measured yet with what is at hand here. It needs {needs}."
CAN_BUT = "Where it is filled, it rests on {needs}."
NOT_SEPARATED = "cannot be told from {many} of {of} others, wrong links allowed for"
#: The same of all others, by how many they are; 0 stands for more than two: told apart from them, or not.
ALL_SEPARATED = {
    1: (
        "apart from the one other, wrong links allowed for",
        "cannot be told from the one other, wrong links allowed for",
    ),
    2: (
        "apart from both others, wrong links allowed for",
        "cannot be told from either of the two others, wrong links allowed for",
    ),
    0: (
        "apart from all {of} others, wrong links allowed for",
        "cannot be told from any of the {of} others, wrong links allowed for",
    ),
}
OUTER = "{range} with wrong links"
#: Kinds of break in a series, and how each is known.
BREAKS = {
    "vat": "VAT", "threshold": "Smallest payments listed", "layout": "Headings of the files",
    "reorganisation": "Reorganisation", "members": "Other bodies",
}  # fmt: skip
BREAK_HOW = {"declared": "declared", "detected": "found in the files by rule"}
BREAK = "break: {what}"
BREAKS_AT = "The series breaks in {when}."
BREAKS_SOUGHT = (
    "Looked for are four: whether amounts hold VAT, from how many pounds payments are listed, other headings in the files, "
    "and reorganisations."
)
BREAKS_NONE = "No break in the series was found"
VAT_OF_FILES = "{files}: {told}."
VAT_SAID = {
    "net": "{many} with amounts that they call net of VAT", "gross": "{many} with amounts that hold VAT",
    "gross|net": "{many} with both kinds",
}  # fmt: skip
VAT_SILENT = "{many} without a word on VAT"
WOULD_CHANGE = {
    "own": "Nearly all of the doubt is its own: if every pound of it could be placed, it could be told from {few} more.",
    "others": "Even if every pound of its own could be placed, {many} others would still overlap with it: the doubt is theirs.",
    "none": "Nothing here: no other body’s range overlaps with it.",
    "mixed": "If every pound of its own could be placed, between {few} and {many} others would still overlap with it.",
}

#: Why a body of the kind has no figure in a league table, in the order of the page.
ABSENT = {
    "other-years": "Nothing of {year} is in their files; the newest figure stands beside the name.",
    "no-payments": "No payment of {year} is in their files, and no other year can carry the figure.",
    "no-year-before": "Fewer than ten months of the year before are in their files.",
    "no-report": "None of the suppliers that they paid has a report that this rests on.",
    "no-visits": "Visits to their websites saw nothing of {year} that this measure counts, or there were none.",
    "nothing-counted": "Their files of {year} hold nothing that this measure counts.",
    "no-area": "They have no area of their own that money could stay in.",
    "cards": "Their files hold purchasing cards only, which are counted apart.",
    "not-read": "None of their files is a list of payments that a program can read; their pages say why, file by file.",
    "no-files": "No file of theirs is in this copy.",
}

#: What is known of who got the money, in the order of the table: title, explanation.
TIED = {
    "accepted": ("Tied to a register entry", "We take the name to be this legal body."),
    "review": ("Not sure", "An entry comes into question; nothing decides."),
    "none": ("No entry found", "Public bodies, small firms without a number, names cut short, registers that we lack."),
    "withheld": ("No name", "Removed before publishing, or never printed."),
    "person": ("May be people", "Counted, never looked up, never named."),
}
TIED_HEADING = "How much is tied to a register"
TIED_FINDING = "Registers tell who got {share} of the money that went to a name"

#: Kinds of cluster in the order of the page, and what they are.
CLUSTERS = {
    "combined_authority": "Areas of combined authorities",
    "county": "Counties",
    "region": "Regions and nations",
    "set": "Sets by name",
    "succession": "Bodies with those before them",
}
PLACES_TITLE = "Places: all bodies that serve them, together"
PLACES_ABOUT = "Spending of every body that serves a place, pooled from sums, with what is known and what is not."
PLACE_TITLE = "{name}: all bodies together"
STORY_TITLE = "What others found about {name}, beside our ranges"
STORY_ABOUT = "Published figures about {name} and ours, each with its definition, its source, and why they differ."

HOME_ABOUT = "Where UK public money goes, how much of it stays local, and how sure anyone can be."
FIND_TITLE = "Find a public body or a supplier"
FIND_ABOUT = "Every council, police force, fire authority, NHS body and department that we cover, from A to Z."
BODIES_TITLE = "Public bodies"
BODIES_ABOUT = "Every public body that we cover, what we have read of it, and how much it published."
DATA_TITLE = "Take the data"
DATA_ABOUT = "Everything on this site as files: CSV, Parquet and data packages, free to use."
SOURCES_TITLE = "State of every source"
SOURCES_ABOUT = "Which files of which public body we have, which could be read, and why others could not."
TABLES_TITLE = "League tables"
TABLES_ABOUT = "Public bodies of one kind beside each other, with the places that the evidence allows."
LEAGUE_TITLE = "{measure}: {kinds}"
METHODS_TITLE = "How we know"
METHODS_ABOUT = "How each figure is worked out, what it leaves out, and what would change it."
METHOD_TITLE = "{name}: how it is worked out"
DICTIONARY_TITLE = "{name}: what each column means"
LOST = "This page is not here"
LOST_ABOUT = "The address leads nowhere on this site."
