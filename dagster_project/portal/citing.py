"""The text by which a figure is cited: which number, what it says, of when, from which package, on which page."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from dagster_project.model.money import pounds_text
from dagster_project.portal import formats, words
from dagster_project.portal.site import Site


def citation(site: Site, figure: Mapping[str, Any], measure: Mapping[str, Any], body: str, address: str) -> str:
    """
    One line of plain text, to be copied.

    Args:
        figure: As `facts.figure` gives it.
        body: Name of the public body.
        address: Of the page from the portal's root; the figure's id is an anchor there.

    Returns:
        The figure's id, value, period, package version and address; bounds are written as in the package's own file.
    """
    said = f"{words.SITE_NAME}, figure {figure['figure_id']}: {measure['name']}, {body}, {period(figure)}: {value(figure)}."
    package = words.CITED_PACKAGE.format(version=site.version) if site.version else ""
    release = words.CITED_RELEASE.format(day=site.release) if site.release else ""
    made_up = words.CITED_SAMPLE if site.origin == "sample" else ""
    source = f"{package}{release}." if package else ""
    parts = (said, source, made_up, f"{site.address}{address}#{figure['figure_id']}")
    return " ".join(part for part in parts if part)


def of_year(
    site: Site,
    about: Mapping[str, Any],
    figures: Mapping[tuple[str, str], Mapping[str, Any]],
    measures: Container[str] | None = None,
) -> list[tuple[str, str]]:
    """Id and text to copy of each figure, or of some measures, of the year that `about` names; its address stays."""
    return [
        (str(figure["figure_id"]), citation(site, figure, about["measures"][measure], about["name"], address_of(figure)))
        for (measure, year), figure in sorted(figures.items())
        if year == about["year"] and (measures is None or measure in measures)
    ]  # fmt: skip


def address_of(figure: Mapping[str, Any]) -> str:
    """The page that has a figure for good: that of its body's year."""
    return f"bodies/{figure['publisher']}/{figure['period']}/"


def period(figure: Mapping[str, Any]) -> str:
    """The figure's year in words, and how much of it is there where that is not all."""
    year = formats.year_words(figure["period"])
    return year if figure["months"] == 12 else f"{year} ({formats.plural(int(figure['months']), 'month')} of 12)"


def value(figure: Mapping[str, Any]) -> str:
    """What the figure says, and its exact bounds."""
    if not figure["has_value"]:
        return words.NOT_KNOWN
    unit = figure["unit"]
    low, high = (f"{figure[end]:.2f}" if unit == "pounds" else repr(figure[end]) for end in ("low", "high"))
    exact = f"exactly {low}" if low == high else f"at least {low}, at most {high}"
    return f"{figure['says']} ({unit}: {exact})"


def supplier_citation(site: Site, row: Mapping[str, Any], name: str, address: str) -> str:
    """
    What was paid to a supplier, as one line of plain text.

    Args:
        row: Its row of `suppliers`, money as `*_pence`.
        name: As it may be shown.
        address: Of its page from the portal's root.
    """
    first, last = row["first_month"], row["last_month"]
    span = f", {formats.month(first)} to {formats.month(last)}" if first else ""
    pence = int(row["amount_pence"])
    sums = (
        f"{formats.money(pence)} (pounds: exactly {pounds_text(pence)}) in {formats.plural(row['payments'], 'payment')} "
        f"by {formats.plural(row['bodies'], 'public body', 'public bodies')}"
    )
    cards = (
        f", and by purchasing card {pounds_text(int(row['card_amount_pence']))} in {row['card_payments']}"
        if row["card_payments"]
        else ""
    )
    package = words.CITED_SUPPLIERS.format(version=site.version) if site.version else ""
    release = words.CITED_RELEASE.format(day=site.release) if site.release else ""
    parts = (
        f"{words.SITE_NAME}, figure {row['figure_id']}: paid to {name} ({row['supplier_id']}){span}: {sums}{cards}.",
        f"{package}{release}." if package else "",
        words.CITED_SAMPLE if site.origin == "sample" else "",
        f"{site.address}{address}#{row['figure_id']}",
    )
    return " ".join(part for part in parts if part)
