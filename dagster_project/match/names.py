"""Names in forms in which two spellings of one name are equal. Each step keeps what tells two bodies apart."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

#: Legal forms as they are written, and the one spelling that stands for them. The form stays part of the key:
#: ACME LTD and ACME PLC are two companies.
FORMS = {
    "limited": "ltd", "ltd": "ltd", "limted": "ltd", "limied": "ltd", "lmited": "ltd",
    "cyfyngedig": "ltd", "cyf": "ltd", "plc": "plc", "ccc": "plc", "llp": "llp", "cic": "cic", "cbc": "cic",
    "cio": "cio", "scio": "scio", "lp": "lp", "inc": "inc", "incorporated": "inc", "llc": "llc", "gmbh": "gmbh",
    "unlimited": "unltd",
}  # fmt: skip
#: Tokens longer than a register's longest are cut; a published cell can hold a whole page.
LONGEST = 300
_LONG_FORMS = (
    ("public limited company", "plc"),
    ("limited liability partnership", "llp"),
    ("community interest company", "cic"),
    ("scottish charitable incorporated organisation", "scio"),
    ("charitable incorporated organisation", "cio"),
    ("company limited by guarantee", "ltd"),
    ("limited company", "ltd"),
)
_DOTTED = re.compile(r"(?<![a-z0-9])((?:[a-z]\.)+[a-z])(?![a-z0-9])")
_APOSTROPHES = re.compile("['’‘`´]")
_SIGNS = re.compile(r"[^a-z0-9]+")


def plain_words(name: str) -> list[str]:
    """
    The words of a name: lower case, without accents and signs, `&` as `and`, single letters in a row joined.

    Returns:
        Words of letters and digits; none for a name without any.
    """
    text = name[:LONGEST]
    if "&" in text and ";" in text:
        text = html.unescape(text)
    text = _APOSTROPHES.sub("", text.casefold())
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
        text = "".join(sign for sign in text if not unicodedata.combining(sign)).casefold()
    text = text.replace("&", " and ")
    if "." in text:
        text = _DOTTED.sub(lambda found: found[1].replace(".", ""), text)
    words = _SIGNS.sub(" ", text).split()
    if sum(len(word) == 1 for word in words) > 1:
        words = _joined_letters(words)
    return words


def _joined_letters(words: Sequence[str]) -> list[str]:
    """`f w thorpe` as `fw thorpe`: initials are written with and without spaces and dots."""
    joined: list[str] = []
    in_run = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and in_run:
            joined[-1] += word
        else:
            joined.append(word)
        in_run = is_letter
    return joined


@lru_cache(maxsize=200_000)
def name_key(name: str) -> str:
    """
    The strictest form on which two spellings of one name meet.

    Returns:
        Lower case, `&` as `and`, signs gone, dotted abbreviations joined, legal form in one spelling, a leading or
        trailing `the` gone; `""` for a name without a letter or digit.
    """
    return key_of_words(plain_words(name))


def key_of_words(words: Sequence[str]) -> str:
    """The key of a name whose words are known; see `name_key`."""
    text = " ".join(words)
    if "company" in text or "organisation" in text or "partnership" in text:
        for long, short in _LONG_FORMS:
            text = text.replace(long, short)
    found = [FORMS.get(word, word) for word in text.split()]
    if len(found) > 1 and found[0] == "the":
        found = found[1:]
    if len(found) > 1 and found[-1] == "the":
        found = found[:-1]
    return " ".join(found)


def stem_and_form(key: str, spellings: Mapping[str, str]) -> tuple[str, str]:
    """
    What is left of a key when it is read loosely, and its legal form.

    Args:
        spellings: Word to the word or words that stand for it, from vocabulary/name_words.csv; to `""` where the word
            tells nothing apart.

    Returns:
        The stem: without legal form, `and` and `the`, abbreviations spelt out, without the `s` of a plural, which
        Companies House ignores too; and the form, `""` where the name has none.
    """
    words = key.split()
    form = ""
    while len(words) > 1 and words[-1] in _FORM_VALUES:
        last = words.pop()
        form = form if last == "ltd" and form else last  # `CIC LTD` is a CIC
    stem: list[str] = []
    for word in words:
        said = spellings.get(word, word)
        stem += [_singular(part) for part in said.split()] if said else []
    return " ".join(stem or words), form


_FORM_VALUES = frozenset(FORMS.values())


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "su" else word


def postcode_key(postcode: str) -> str:
    """A postcode in capitals without spaces, `""` where the text is none."""
    text = re.sub(r"\s+", "", postcode).upper()
    return text if re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", text) else ""
