"""Words of the pages about suppliers. Braces are filled."""

from __future__ import annotations

SUPPLIERS_TITLE = "Who is paid"
SUPPLIERS_ABOUT = (
    "Every organisation that public bodies paid, largest first, each with who pays it and how sure that is."
)
SUPPLIER_ABOUT = "What public bodies paid {name}, by body, year and service, with every payment as a file."
LETTER_TITLE = "Suppliers: {letters}"
LETTER_ABOUT = "Suppliers whose names begin with {letters}, each with what public bodies paid it."
EVERY_PAYMENT = "Every payment, all bodies"
NO_FILE = (
    "These pages have no room for every supplier’s payments as a file of its own. All of them are in the data package."
)
NO_FILE_HOW = "In its payments, supplier_id is {id}."
#: Why a supplier that had a page has none now.
GONE = {
    "room": "It had a page here. These pages have room for the suppliers paid most, and it is not among them now.",
    "limit": "It had a page here. Pages are for suppliers tied to a register and paid by two bodies or £100,000 in a year, and that is not so now.",
    "nothing": "It had a page here. No payment is tied to it now: files were corrected, a name was decided otherwise, or something was taken down.",
}
GONE_ABOUT = "Where the figures of {name} are, now that it has no page of its own."
GONE_WHERE = "Payments to all suppliers are in the data packages, page or not."
NO_ROOM = (
    "These pages have room for the {pages} paid most. {others} more could have a page; what they were paid stands "
    "in the lists by letter, and all of it is in the files."
)

CERTAIN, LIKELY, CHECKED = "certain", "likely", "checked by a person"
#: Confidence from which a link is called certain: at most one in fifty of such links is wrong.
CERTAIN_FROM = 0.98
NOTE_SURE = (
    "Certain: the body printed the number, or at most one in fifty of such links is wrong. Likely: at most three in ten. "
    "Where the supplier is plays no part in it."
)

#: What speaks for or against a link, in the words of vocabulary/match_weights.csv, as people say it.
EVIDENCE = {
    "same name": "the same name",
    "same but for spaces": "the same but for spaces",
    "same but for spelling": "the same but for abbreviations and plurals",
    "missing": "it has words that the register’s name lacks",
    "extra": "the register’s name has more words",
    "missing structure": "it has a word by which companies of one group differ",
    "extra structure": "the register’s name has a word by which companies of one group differ",
    "loose": "words are cut short or misspelt",
    "rarity": "its words are rare in the registers",
    "form agrees": "the same legal form",
    "form only printed": "the register’s name has no legal form",
    "form only registered": "it is printed without its legal form",
    "form differs": "another legal form",
    "form clashes": "another legal form",
    "previous name": "a former name",
    "numbers differ": "another number in the name",
    "first word differs": "another first word",
    "order differs": "words in another order",
    "cut off": "the printed name is cut off",
    "left of t/a": "read from before “trading as”",
    "right of t/a": "read from behind “trading as”",
    "aside": "read from one side of a dash, or from brackets",
    "coded": "read without the ledger’s own number",
    "brackets inside": "read without what stands in brackets",
    "crowd": "other registered names begin like it",
    "ended": "the register says that it has ended",
    "kind agrees": "the kind of body agrees",
    "kind clashes": "the kind of body does not agree",
    "had not begun": "it began after it was paid",
    "had ended": "it had ended before it was paid",
    "name not yet taken": "it took the name after it was paid",
    "name long given up": "it had given the name up long before",
    "postcode agrees": "the body printed its very postcode",
    "number printed by the publisher": "the body printed its number",
    "the names agree": "the names agree",
    "the names differ": "the names differ",
    "the body was not there when it was paid": "it was not there when it was paid",
}
NO_EVIDENCE = "nothing that weighs much"

#: Start of an id to the register's name, and where an entry is looked up.
REGISTERS = {
    "GB-COH": ("Companies House", "Company", "https://find-and-update.company-information.service.gov.uk/company/{}"),
    "GB-CHC": (
        "Charity Commission", "Charity",
        "https://register-of-charities.charitycommission.gov.uk/charity-details/?regid={}&subid=0",
    ),
    "GB-SC": (
        "Scottish Charity Register", "Scottish charity",
        "https://www.oscr.org.uk/about-charities/search-the-register/charity-details?number={}",
    ),
    "GB-NIC": (
        "Charity Commission for Northern Ireland", "Charity in Northern Ireland",
        "https://www.charitycommissionni.org.uk/charity-details/?regId={}&subId=0",
    ),
    "GB-MPR": ("Mutuals Public Register", "Society", "https://mutuals.fca.org.uk/"),
    "GB-NHS": (
        "NHS Organisation Data Service", "NHS code",
        "https://directory.spineservices.nhs.uk/ORD/2-0-0/organisations/{}",
    ),
    "GB-GOR": ("Government organisations", "Government body", ""),
    "GB-LAE": ("Local authorities of England", "Council in England", ""),
    "GB-LAS": ("Local authorities of Scotland", "Council in Scotland", ""),
    "GB-PLA": ("Principal local authorities of Wales", "Council in Wales", ""),
    "GB-LANI": ("Local authorities of Northern Ireland", "Council in Northern Ireland", ""),
    "GB-UKPRN": ("UK Register of Learning Providers", "Learning provider", ""),
}  # fmt: skip

OPEN_YEARS = "Hatched: not every body that pays it has all twelve months of that year here."
SILENT = "From {bodies} of those that paid it there are no files for {year} here. The total can only rise."
CARDS_APART = "Purchasing cards are counted apart: {payments}, {amount}."
GROUP = "A subsidiary or a director’s other firms are not added in."


def reasons(evidence: str) -> str:
    """Evidence as people say it: `"same name; but crowd"` is `"the same name, but other registered names begin like it"`."""
    if evidence.startswith("decided by "):
        return evidence
    said = []
    for part in filter(None, evidence.split("; ")):
        but, plain = ("but ", part.removeprefix("but ")) if part.startswith("but ") else ("", part)
        said.append(but + EVIDENCE.get(plain, plain))
    return ", ".join(said) or NO_EVIDENCE


def sureness(method: str, confidence: float | None) -> str:
    """How sure a link is, in one of three words."""
    if method == "decision":
        return CHECKED
    return CERTAIN if method == "printed number" or (confidence or 0) >= CERTAIN_FROM else LIKELY


def register_entry(supplier: str) -> tuple[str, str, str, str]:
    """Of an id: the register, what it calls such a body, the number, and the address of the entry; `""` for not known."""
    start, _, number = supplier.partition("-")[2].partition("-")
    name, noun, address = REGISTERS.get(f"GB-{start}", ("", "", ""))
    return name, noun or f"{start} number", number, address.format(number)
