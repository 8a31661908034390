"""
Names that last: files, lines, payments, figures, publishers.

An id is made of content, never of position in a run, of a clock or of a path, so that anybody computes the same one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

#: What a line of a published file can be. Grants and contracts are read only to tell them apart; notices under
#: section 70 of the Procurement Act 2023 would be a kind of their own, never added to payments (same pounds twice).
DATASET_KINDS = ("payments", "cards", "grants", "contracts")
#: The kinds whose lines become payments.
COUNTED_KINDS = ("payments", "cards")

SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
PAYMENT_ID = re.compile(r"^[0-9a-f]{16}$")


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def file_id(digest: str) -> str:
    """The id of a published file: the first 16 hex digits of the SHA-256 of its bytes."""
    return digest[:16]


def line_id(file: str, table: int, record: int) -> str:
    """
    The id of one published line, for ever.

    Args:
        file: `file_id` of the file.
        table: Number of the table in the file, from 1.
        record: Number of the record in its file or sheet, from 1, blank ones counted.
    """
    return f"{file}:{table}:{record}"


def content_key(parts: Iterable[str]) -> str:
    """Sixteen hex digits that stand for some texts in order; a unit separator keeps `ab|c` apart from `a|bc`."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def payment_id(publisher: str, kind: str, date: str, payee: str, pence: int, reference: str, ordinal: int) -> str:
    """
    The id of a payment: what it says, not where it stands. Republishing does not change it.

    Args:
        date: As ISO text, `""` where not known.
        payee: As published.
        reference: As published, `""` where there is none.
        ordinal: From 1 among equal lines of one publisher and kind.
    """
    return content_key((publisher, kind, date, payee, str(pence), reference, str(ordinal)))


def figure_id(publisher: str, period: str, measure: str) -> str:
    """The id of a figure: which number it is, not what it says, so that a release can say what moved."""
    return "f-" + content_key(("figure", publisher, period, measure))[:12]


def supplier_figure_id(supplier: str) -> str:
    """The id of what was paid to one supplier in all: which sums, not what they are."""
    return "s-" + content_key(("supplier", supplier))[:12]


def name_id(key: str, payee_class: str) -> str:
    """
    What stands for an organisation that no register entry could be tied to.

    Args:
        key: Its name in the form in which two spellings of one name are equal.
        payee_class: Its class: one name may be a supplier here and a fund of the body's own there.
    """
    return "name-" + content_key((key, payee_class))
