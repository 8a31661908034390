"""Whether a body, and the name that fits, were there on the days on which a payee was paid. Days are `YYYY-MM-DD`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

#: Years for which a ledger may go on with a name, or a body, that is no more.
GRACE = 2


@dataclass(frozen=True, slots=True, order=True)
class Paid:
    """
    What a publisher says of a payee beside its name.

    Attributes:
        first, last: First and last day on which it was paid; `""` where nobody knows.
        postcodes: Printed beside its name, without space, sorted.
    """

    first: str = ""
    last: str = ""
    postcodes: tuple[str, ...] = ()


class Lived(Protocol):
    """A body with the days on which it began and ended, `""` where its register gives none."""

    @property
    def start(self) -> str: ...  # noqa: D102 - said above
    @property
    def end(self) -> str: ...  # noqa: D102


class Borne(Protocol):
    """A name with the days on which its body took it and gave it up, `""` where its register gives none."""

    @property
    def since(self) -> str: ...  # noqa: D102 - said above
    @property
    def until(self) -> str: ...  # noqa: D102


def had_not_begun(body: Lived, paid: Paid) -> bool:
    """Whether the body began only after the last payment."""
    return bool(paid.last) and paid.last < body.start


def had_ended(body: Lived, paid: Paid) -> bool:
    """Whether the body had ended years before the first payment."""
    return bool(body.end) and _years_after(body.end) < paid.first


def was_not_taken(name: Borne, paid: Paid) -> bool:
    """Whether the body took the name only after the last payment: until then it may have been another's."""
    return bool(paid.last) and paid.last < name.since


def was_given_up(name: Borne, paid: Paid) -> bool:
    """Whether the body gave the name up years before the first payment: since then it may be another's."""
    return bool(name.until) and _years_after(name.until) < paid.first


def _years_after(day: str) -> str:
    return f"{int(day[:4]) + GRACE:04d}{day[4:]}"
