"""Where the newest edition of a register may be had: of each of its parts the addresses, the likeliest first."""

from __future__ import annotations

import re
from datetime import date

from dagster_project.declare.newest import Newest
from dagster_project.declare.sources import Listing
from dagster_project.harvest.calendar import period_of
from dagster_project.harvest.listings import Ask, fill, periods
from dagster_project.harvest.pages import address, anchors
from dagster_project.harvest.signs import Anchor, file_name

#: A monthly edition is asked for by this month's name, then by those of months before.
BACK = 3


class NoEdition(Exception):
    """The page that leads to an edition could not be had, or leads to none; the message says which."""


def parts_of(newest: Newest, ask: Ask, today: date) -> list[tuple[str, ...]]:
    """
    Parts of the newest edition, and of each the addresses under which it may be had.

    Raises:
        NoEdition: there is no telling.
    """
    if newest.kind == "listed":
        return [(address(url, url),) for url in newest.files]
    if newest.kind == "links":
        return [(_linked(newest, ask),)]
    if newest.first:
        every = Listing(kind="pattern", url=newest.url, first=newest.first)
        return [(address(newest.url, fill(newest.url, period)),) for period in periods(every, today)]
    return [tuple(dict.fromkeys(address(newest.url, fill(newest.url, month)) for month in _months(today)))]


def _months(today: date) -> list[str]:
    """Months, the present one first."""
    count = today.year * 12 + today.month - 1
    return [f"{(count - back) // 12}-{(count - back) % 12 + 1:02d}" for back in range(BACK)]


def _linked(newest: Newest, ask: Ask) -> str:
    """The newest of the links that count; the first of them where they do not tell their period."""
    answer = ask(newest.url, "page")
    if answer is None:
        raise NoEdition(f"{newest.url} could not be had.")
    found = [one for one in anchors(answer.data, answer.url) if re.search(newest.link, f"{one.text} {one.url}")]
    if not found:
        raise NoEdition(f"No link of {newest.url} is like '{newest.link}'.")
    return max(found, key=_period).url


def _period(anchor: Anchor) -> str:
    return period_of(file_name(anchor.url).rpartition(".")[0]) or period_of(anchor.text)
