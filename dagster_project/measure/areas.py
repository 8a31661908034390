"""Which districts a body serves, and where the code of one says less than that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

#: Kinds that served a whole county: where one council took its place, that council's code stands for the same area.
WHOLE = ("county",)


def areas_of(publishers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """
    Pairs of a body and a district that it serves, the whole of it.

    Args:
        publishers: By slug; `lad_code` and `areas_served` are read.
    """
    beyond = wider(publishers)
    return [
        (slug, code) for slug, body in publishers.items()
        for code in (body.areas_served or (body.lad_code,)) if code and (slug, code) not in beyond
    ]  # fmt: skip


def wider(publishers: Mapping[str, Any]) -> set[tuple[str, str]]:
    """
    Pairs of a body and a district that is wider than it: councils that went into a larger one and have only its code.

    An address there may have been in the body's area or not, and nobody can say; one elsewhere was not.

    Args:
        publishers: By slug; `kind`, `lad_code`, `areas_served` and `end` are read.
    """
    gone = [
        (slug, body.lad_code) for slug, body in publishers.items()
        if body.end and body.lad_code and not body.areas_served and body.kind not in WHOLE
    ]  # fmt: skip
    still = {body.lad_code for body in publishers.values() if not body.end}
    shared = Counter(code for _, code in gone)
    return {(slug, code) for slug, code in gone if shared[code] > 1 and code in still}
