"""
The leak guard: what looks like a person's number, account, e-mail or private address is masked in what we publish.

The archive keeps the bytes as they were. Masking errs towards the person: a masked part number can be looked up in the
original, a published account number cannot be called back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import filterfalse

MASK = "[masked]"
NATIONAL_INSURANCE = re.compile(
    r"\b(?:QQ|(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b",
    re.IGNORECASE,
)
EMAIL = re.compile(r"\b[\w.+'-]+@[\w-]+(?:\.[\w-]+)+\b")
SORT_CODE = re.compile(r"(?<![\d/-])\d{2}[- ]\d{2}[- ]\d{2}(?![\d/-])")
ACCOUNT = re.compile(r"(?<!\d)\d{8}(?!\d)")
BANKING = re.compile(r"\b(?:sort ?code|s/?c|a/?c|acc(?:ount)?(?: ?(?:no|number|num))?|bank)\b", re.IGNORECASE)
ACCOUNT_WORD = re.compile(
    r"\b(?:sort ?code|account ?(?:no|number|num)|acc(?:t|ount)? ?no|a/c(?: ?no)?)\b\D{0,6}(\d[\d -]{4,12}\d)",
    re.IGNORECASE,
)
IBAN = re.compile(r"\bGB\d{2}\s?[A-Z]{4}\s?(?:\d{4}\s?){3}\d{2}\b", re.IGNORECASE)
CARD = re.compile(r"(?<!\d)(?:\d{4}[ -]){3}\d{4}(?!\d)")
BIRTH = re.compile(r"\b(?:d\.?o\.?b\.?|date of birth|born)\b\W{0,3}\d{1,2}[/. -]\w{1,9}[/. -]\d{2,4}", re.IGNORECASE)
STREET = r"(?:road|rd|street|st|avenue|ave|lane|ln|close|drive|dr|crescent|gardens|grove|way|court|place|terrace|walk|row|hill|mews|square)"
ADDRESS = re.compile(
    rf"\b(?:flat|apartment|apt|room)\s*\w{{1,4}}\b,?\s+\d{{0,4}}[a-z]?,?\s*[\w' ]{{2,40}}?\b{STREET}\b"
    rf"|\b\d{{1,4}}[a-z]?,?\s+[A-Za-z][\w' ]{{1,40}}?\b{STREET}\b[\w ,.']{{0,60}}?\b[A-Z]{{1,2}}\d[A-Z\d]?\s*\d[A-Z]{{2}}\b",
    re.IGNORECASE,
)
PERSON = re.compile(
    r"\b(?:Mr|mr|Mrs|mrs|Miss|Ms|Mx)\.?\s+(?:[A-Z]\.?\s+){0,3}[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)?"
    r"|\b(?:MR|MRS|MISS)\.?\s+[A-Z][A-Z'’ -]{1,30}"
)
#: What all of the above have in common, looked for in all texts of a column at once: most have none of it.
#: A number is looked at where it begins only, and the pattern begins with its digit: then it is searched for quickly.
DIGITS = re.compile(
    r"\d(?:[a-z]{2}\b"  # the end of a postcode
    r"|(?<!\d\d)\d(?:\s?\d\d\s?\d\d\s?[a-d]\b|[- ]\d\d[- ]\d\d|\d\d[ -]\d{4}[ -]|(?<=gb\d\d)\s?[a-z]{4}))",
    re.IGNORECASE,
)
SAME_DIGIT = bytes.maketrans(b"123456789", b"000000000")
NEEDLES = ("@", "a/c", "acc", "sort", "flat ", "apartment", "apt ", "room ", "mr ", "mr.", "mrs", "miss ", "ms ", "ms.", "mx ",
           "dob", "d.o.b", "born", "date of birth")  # fmt: skip


def suspects(texts: Iterable[str]) -> set[str]:
    """
    The texts that may need masking, told without looking at each alone: a column holds hundreds of thousands.

    Args:
        texts: Texts of one column.
    """
    held = list(set(filterfalse(str.isdigit, texts)))  # a bare number is nobody's without a word beside it
    joined = "\n".join(held)
    if joined.count("\n") >= len(held):  # texts of several lines
        joined = "\n".join(text.replace("\n", " ") for text in held)
    # What is masked never depends on which digits a text holds: orders 2816 and 2817 are looked at once.
    shapes = joined.encode("utf-8", "surrogatepass").translate(SAME_DIGIT).decode("utf-8", "surrogatepass").split("\n")
    odd = _odd(list(set(shapes)))
    return {text for text, shape in zip(held, shapes, strict=True) if shape in odd} if odd else set()


def _odd(shapes: list[str]) -> set[str]:
    """Those of some texts, each of one line, that hold what every pattern needs."""
    joined = "\n".join(shapes)
    low = joined.lower()
    if len(low) != len(joined):  # a letter that grows when made small: positions cannot be trusted
        return set(shapes)
    found = {match.start() for match in DIGITS.finditer(joined)}
    for needle in NEEDLES:
        at = low.find(needle)
        while at >= 0:
            found.add(at)
            at = low.find(needle, at + 1)
    out: set[str] = set()
    number = last = 0
    for at in sorted(found):
        number += joined.count("\n", last, at)
        last = at
        out.add(shapes[number])
    return out


def mask(text: str, *, is_payee: bool = False) -> str:
    """
    Mask what one published cell should not have said.

    Args:
        text: As published.
        is_payee: Names of people are masked everywhere but in the payee's own column, where they are the point.

    Returns:
        The text itself where there is nothing to mask.
    """
    out = EMAIL.sub(MASK, text)
    for pattern in (NATIONAL_INSURANCE, IBAN, CARD, BIRTH, ADDRESS):
        out = pattern.sub(MASK, out)
    if SORT_CODE.search(out) and (BANKING.search(out) or ACCOUNT.search(out)):
        out = ACCOUNT.sub(MASK, SORT_CODE.sub(MASK, out))
    out = ACCOUNT_WORD.sub(lambda found: found[0].replace(found[1], MASK), out)
    return out if is_payee else PERSON.sub(MASK, out)
