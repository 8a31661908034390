"""What the pages of a body say of one year: its lead, its facts, whom it paid and for what, where it stands."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dagster_project.model import periods
from dagster_project.portal import bars, facts, findings, formats, paid, payees, words
from dagster_project.portal.site import BodyFrames

SERVICES_SHOWN = 8
#: Points between lowest and highest from which a share that no table ranks is told apart, below the others.
WIDE = 0.5


def of_year(
    about: dict[str, Any], frames: BodyFrames, payments: pd.DataFrame, figures: dict[tuple[str, str], Any]
) -> dict[str, Any]:
    """
    Everything of the year that `about` names, under the names by which templates print it.

    Args:
        about: The body, with `year` and the figures `spend` and `local` of it.
        frames: Its tables.
        payments: Those of all years, with `year`.
        figures: Of all years, by measure and period.
    """
    year = about["year"]
    whole = payments[payments["year"] == year] if year else payments.iloc[:0]
    kind = facts.main_kind(whole)
    own, cards = whole[whole["dataset_kind"] == kind], whole[whole["dataset_kind"] != kind]
    tied = paid.tied(own, frames.payees)
    months = frames.coverage.loc[frames.coverage["dataset_kind"] == facts.main_kind(frames.coverage), "month"]
    return {
        "year_facts": {
            **_counts(own), "kind": kind, "cards": len(cards), "cards_pence": int(cards["amount_pence"].sum()),
            "months": len(set(months) & set(periods.months_of(year))) if year else 0,
        },
        "lead": _lead(about, tied),
        "tied": tied,
        "services": _services(own),
        "payees": payees.largest(own, about, frames.supplier_pages),
        "positions": _positions(about, figures),
        "has_services_page": len(frames.breakdowns) > 0,
    }  # fmt: skip


def _counts(own: pd.DataFrame) -> dict[str, Any]:
    """Counts of a year: payments, pence, named payees, withheld names, people; `None` for a share without a base."""
    withheld, person = facts.is_withheld(own), facts.is_person(own)
    total = int(own["amount_pence"].sum())
    return {
        "payments": len(own),
        "pence": total,
        "payees": int(own.loc[~withheld & ~person, "payee"].nunique()),
        "withheld": int((withheld & ~person).sum()),
        "withheld_share": own.loc[withheld & ~person, "amount_pence"].sum() / total if total > 0 else None,
        "people": int(person.sum()),
    }


def _lead(about: dict[str, Any], tied: dict[str, Any] | None) -> dict[str, Any]:
    """Which sentence leads: the pound where enough of its parts is known, else the spending."""
    local = about["local"]
    if facts.is_hardly_known(local):
        return {"kind": "hardly", "figure": local, "said": findings.hardly_known(local, tied),
                "sure": findings.surely_known(local), "bar": bars.pound_bar(local["low"], local["high"], said_of_pound(about, local))}  # fmt: skip
    if local and local["is_known"]:
        low, high = local["low"], local["high"]
        return {"kind": "local", "between": formats.pence_between(low, high), "unknown": formats.parts_of_pound(low, high)[1],
                "bar": bars.pound_bar(low, high, said_of_pound(about, local)), "figure": local}  # fmt: skip
    return {"kind": "spend"}


def said_of_pound(about: dict[str, Any], local: dict[str, Any]) -> str:
    """What the bar of a pound draws, in words."""
    stay, unknown, away = formats.parts_of_pound(local["low"], local["high"])
    return (
        f"Of every pound {about['short']} spent, {stay}p stayed local, {unknown}p is not known and {away}p went elsewhere. "
        f"So {formats.pence_between(local['low'], local['high'])} stayed local."
    )


def _services(own: pd.DataFrame) -> list[dict[str, Any]]:
    """The largest services as the body names them; those without a name as one row of their own."""
    total = own["amount_pence"].sum()
    if own.empty or (own["department"] == "").all():
        return []
    sums = own.groupby("department", observed=True)["amount_pence"].agg(["sum", "size"]).nlargest(SERVICES_SHOWN, "sum")
    most = float(sums["sum"].max())
    return [
        {
            "name": formats.published(name, 120) or words.NO_SERVICE,
            "is_blank": not name,
            "pence": pence,
            "payments": size,
            "share": pence / total if total > 0 else None,
            "bar": bars.size_bar(float(pence), most),
        }
        for name, pence, size in sums.itertuples()
    ]


def _positions(about: dict[str, Any], figures: dict[tuple[str, str], Any]) -> list[dict[str, Any]]:
    """The body's figures of the year, each with the places that its bounds allow."""
    found = []
    for measure in about["measures"].values():
        figure = figures.get((measure["id"], about["year"]))
        if figure:
            bar = (
                bars.rank_bar(figure["rank_best"], figure["rank_worst"], figure["ranked_of"])
                if figure["is_ranked"]
                else ""
            )
            is_wide = figure["is_known"] and figure["unit"] == "share" and figure["high"] - figure["low"] > WIDE
            found.append({
                "measure": measure, "figure": figure, "bar": bar, "kind": words.kind_slug(figure["population"]),
                "tells": figure["is_ranked"] or (figure["is_known"] and not is_wide),
            })  # fmt: skip
    return found
