"""Names in a form in which two spellings of one name are equal. Each step keeps what tells two bodies apart."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

#: Legal forms as they are written, and the one spelling that stands for them. The form stays part of the name:
#: ACME LTD and ACME PLC are two companies.
_FORMS = {
    "limited": "ltd", "ltd": "ltd", "limted": "ltd", "cyfyngedig": "ltd", "cyf": "ltd",
    "plc": "plc", "llp": "llp", "cic": "cic", "cio": "cio", "scio": "scio", "lp": "lp",
}  # fmt: skip
_LONG_FORMS = (
    (re.compile(r"\bpublic limited company\b"), "plc"),
    (re.compile(r"\blimited liability partnership\b"), "llp"),
    (re.compile(r"\bcommunity interest company\b"), "cic"),
    (re.compile(r"\bcharitable incorporated organisation\b"), "cio"),
)


@lru_cache(maxsize=200_000)
def name_key(name: str) -> str:
    """
    The strictest form on which two spellings of one name meet.

    Returns:
        Lower case, `&` as `and`, signs gone, dotted abbreviations joined, legal form in one spelling; `""` for a name
        without a letter or digit.
    """
    text = unicodedata.normalize("NFKC", html.unescape(name)).casefold().replace("&", " and ")
    text = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", text)
    text = re.sub(r"['’`.]", "", text)
    text = re.sub(r"[\W_]+", " ", text).strip()
    for pattern, form in _LONG_FORMS:
        text = pattern.sub(form, text)
    words = [_FORMS.get(word, word) for word in text.split()]
    if words[:1] == ["the"] and len(words) > 1:
        words = words[1:]
    return " ".join(words)


def postcode_key(postcode: str) -> str:
    """A postcode in capitals without spaces, `""` where the text is none."""
    text = re.sub(r"\s+", "", postcode).upper()
    return text if re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", text) else ""
