"""The page of one year of a public body: the address that stays, by which its figures are cited."""

from __future__ import annotations

from typing import Any

from dagster_project.model import periods
from dagster_project.portal import breaks, citing, facts, formats, words
from dagster_project.portal.site import BodyFrames
from dagster_project.portal.stamp import Stamp


def year_page(
    stamp: Stamp,
    about: dict[str, Any],
    frames: BodyFrames,
    figures: dict[tuple[str, str], Any],
    told: dict[str, Any],
) -> bytes:
    """
    The page of the year that `about` names.

    Args:
        stamp: Prints it.
        about: The body, as `bodies` makes it for a page of one year.
        frames: Its tables.
        figures: Of all years, by measure and period.
        told: Of `of_year`.
    """
    year = about["year"]
    months = periods.months_of(year)
    coverage = frames.coverage[frames.coverage["dataset_kind"] == facts.main_kind(frames.coverage)]
    served = set(coverage["month"])
    state = {"read": int((frames.files["status"] == "read").sum())}
    return stamp.page(
        "year.html",
        f"bodies/{about['slug']}/{year}/",
        words.BODIES,
        f"{about['name']}, {formats.year(year)}",
        f"Whom {about['name']} paid in {formats.year(year)}, for what, and how much of it stayed in the area.",
        body=about,
        state=state,
        time=None,
        undecided=None,
        missing=[formats.month(month) for month in months if month not in served],
        breaks=breaks.listed([row for row in frames.breaks if row["month"] in months]),
        citations=citing.of_year(stamp.site, about, figures),
        **told,
    )
