"""Who has no figure in a league table, and why, in one sentence each: nobody of the kind is left out in silence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dagster_project.portal import formats, words


def absent(
    measure: Mapping[str, Any], year: str, there: Collection[str], newest: Mapping[str, Mapping[str, Any]],
    bodies: Sequence[Mapping[str, Any]], spent: Collection[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """
    Bodies of a kind without a figure in the table, by reason.

    Args:
        year: The year that the table shows.
        there: Slugs of bodies in the table.
        newest: By slug, the newest figure of the measure in another year.
        bodies: Those of the kind, as `pages.body_rows` gives them. Who began after the year or ended before it, and has
            no files, is nowhere missing.
        spent: Slugs of bodies with payments in the year.

    Returns:
        `says` (the reason) and `bodies` (`slug`, `short`, `note`), reasons in the order of `words.ABSENT`.
    """
    found: dict[str, list[dict[str, str]]] = {reason: [] for reason in words.ABSENT}
    for body in bodies:
        slug = body["slug"]
        if slug in there or not (body["files"] or _was_there(body, year)):
            continue
        own = newest.get(slug)
        note = f"{formats.year(own['period'])}: {own['says']}" if own else ""
        found[_reason(measure, body, slug in newest, slug in spent)].append(
            {"slug": slug, "short": body["short"], "note": note}
        )
    return [
        {"says": words.ABSENT[reason].format(year=formats.year(year)), "bodies": those}
        for reason, those in found.items()
        if those
    ]


def _was_there(body: Mapping[str, Any], year: str) -> bool:
    """Whether a body was there in some part of a financial year, as far as its first and last day are known."""
    start, end = int(year[:4]), str(body["end"] or "")
    return str(body["start"] or "") <= f"{start + 1}-03-31" and (not end or end >= f"{start}-04-01")


def _reason(measure: Mapping[str, Any], body: Mapping[str, Any], has_other: bool, has_spent: bool) -> str:
    if "harvest" in measure["needs"] and has_spent:
        return "no-visits"
    if has_other:
        return "other-years"
    if not body["files"]:
        return "no-files"
    if not body["files_read"]:
        return "not-read"
    if body["is_cards_only"]:
        return "cards"
    if measure["asked_of"] == "bodies with an area" and not (body["lad_code"] or body["areas_served"]):
        return "no-area"
    if not has_spent:
        return "no-payments"
    if measure["base"] == "in_scope_before":
        return "no-year-before"
    return "no-report" if measure["form"] == "weighted" and not measure["value_low"] else "nothing-counted"
