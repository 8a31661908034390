"""Who was paid, on a body's page: how much is tied to a register, and which names would tell most if somebody decided."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dagster_project.portal import bars, facts, formats, supplier_words, words
from dagster_project.portal import page_words as said

UNDECIDED_SHOWN, CONFIRMED_SHOWN, LETTERS = 5, 10, 100
#: Columns of a decision, in the order of datapackages/decisions/matches.csv.
DECISION = ("payee", "publisher", "supplier_id", "who", "when", "why", "evidence")
#: Columns of payments from which `held` is counted.
HELD = ("payee", "payee_class", "supplier_id", "payee_lad_code", "amount_pence", "dataset_kind", "period")


@dataclass(frozen=True)
class OpenNames:
    """
    Names of one body that nobody could place yet.

    Attributes:
        frame: The weightiest first, columns as `BodyFrames.undecided`.
        held: Of `held`, at least for the names that are shown.
    """

    frame: pd.DataFrame
    held: Mapping[tuple[str, str], int] = field(default_factory=dict)


def tied(of_year: pd.DataFrame, payees: pd.DataFrame) -> dict[str, Any] | None:
    """
    The money of a year by what is known of who got it; `None` where payees were not looked up.

    Args:
        of_year: Payments with `payee_key`.
        payees: Of the body, with `payee_key` and `match`.
    """
    if of_year.empty or payees.empty or "payee_key" not in of_year:
        return None
    outcome = of_year["payee_key"].map(payees.set_index("payee_key")["match"]).astype("object").fillna("none")
    person, withheld = facts.is_person(of_year), facts.is_withheld(of_year)
    state = outcome.mask(withheld, "withheld").mask(person, "person")
    sums = of_year.groupby(state)["amount_pence"].agg(["sum", "size"])
    total = int(of_year["amount_pence"].sum())
    rows: list[dict[str, Any]] = []
    for key, (title, explains) in words.TIED.items():
        if key in sums.index:
            pence, payments = (int(value) for value in sums.loc[key, ["sum", "size"]].to_numpy())
            share = pence / total if total > 0 and pence >= 0 else None
            rows.append(
                {"key": key, "title": title, "explains": explains, "pence": pence, "payments": payments, "share": share}
            )
    named = {row["key"]: row["pence"] for row in rows if row["key"] in ("accepted", "review", "none")}
    base = sum(named.values())
    if base <= 0 or min(named.values()) < 0:
        return {"rows": rows, "bar": "", "heading": words.TIED_HEADING, "share": None}
    known, unsure = named.get("accepted", 0) / base, named.get("review", 0) / base
    return {
        "rows": rows,
        "bar": bars.match_bar(known, unsure),
        "heading": words.TIED_FINDING.format(share=formats.share(known)),
        "share": known,
    }


def undecided(frame: pd.DataFrame, publisher: str) -> dict[str, Any] | None:
    """The names whose resolution would help most, and lines by which to decide; `None` where all are placed."""
    if frame.empty:
        return None
    shown = facts.rows(frame.head(UNDECIDED_SHOWN))
    return {
        "rows": [_shown(row) for row in shown],
        "count": len(frame),
        "pence": int(frame["amount_pence"].sum()),
        "lines": formats.published(decisions(shown, publisher), 2000)
        if all(len(row["payee"]) < 300 for row in shown)
        else "",
    }


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A name as published, and who it may be."""
    return {
        "name": formats.published(row["payee"], LETTERS),
        "pence": row["amount_pence"],
        "may_be": formats.published(row["registered_name"], LETTERS) if row["candidate_id"] else "",
        "id": row["candidate_id"],
        "why": supplier_words.reasons(row["evidence"]) if row["candidate_id"] else "",
    }


def decisions(rows: Sequence[Mapping[str, Any]], publisher: str) -> str:
    """Lines for matches.csv, heading first: name, body and candidate filled in, the rest for who decides."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(DECISION)
    for row in rows:
        writer.writerow([row["payee"], publisher, row["candidate_id"], "", "", "", ""])
    return out.getvalue()


def held(payments: pd.DataFrame, names: Collection[str], classes: Collection[str]) -> dict[tuple[str, str], int]:
    """
    Pence of each name, by financial year, that a share of the money that stayed cannot place.

    Counted as the share is, see `measure/payee_years.sql`: purchasing cards are apart; a payee is its legal body, else its
    class and name however it is capitalised; where any of its lines of the year has a place, or refunds exceed payments,
    its name holds nothing.

    Args:
        payments: Of one body, columns `HELD`.
        names: As published.
        classes: Of payees that count as suppliers.
    """
    kept = (payments["dataset_kind"] == "payments") & (payments["period"] != "") & payments["payee_class"].isin(classes)
    ours = payments[kept]
    named, supplier = ours["payee_class"] + "|" + ours["payee"].str.strip(" ").str.lower(), ours["supplier_id"]
    ours = ours.assign(unit=supplier.where(supplier != "", named), placed=ours["payee_lad_code"] != "")
    own = ours[ours["unit"].isin(ours.loc[ours["payee"].isin(names), "unit"])]
    of_payee = own.groupby(["period", "unit", "payee_class"])
    net = of_payee["amount_pence"].transform("sum")
    is_open = ~of_payee["placed"].transform("any") & (net > 0) & own["payee"].isin(names)
    spelt = own.assign(net=net)[is_open].groupby(["payee", "period", "unit", "payee_class"])
    # A refund under another spelling is taken off: no name holds more than its payee does.
    sums = spelt.agg(pence=("amount_pence", "sum"), net=("net", "first")).min(axis=1).clip(lower=0)
    found: dict[Any, int] = sums.groupby(level=["payee", "period"]).sum().to_dict()
    return {(str(name), str(year)): int(pence) for (name, year), pence in found.items()}


def to_confirm(names: OpenNames, publisher: str, figure: Mapping[str, Any] | None) -> dict[str, Any]:
    """
    The ten names of a body to decide about first, with how much of its local share's range each holds.

    Args:
        figure: The local share of the year that is shown, as of `facts.figure`; `None` where there is none.

    Returns:
        `heading`, `rows` (of `_shown`, with `holds` in words, `""` where it cannot be said), `has_points`, `count` and
        `pence` of all open names, and `csv`: lines for matches.csv, names exactly as published.
    """
    rows = facts.rows(names.frame.head(CONFIRMED_SHOWN))
    pence = [names.held.get((row["payee"], figure["period"]), 0) if figure else 0 for row in rows]
    has_points = _is_width(figure, sum(pence))
    base = figure["base_pence"] if figure and has_points else 0
    return {
        "heading": doubt_held(pence, figure),
        "rows": [_shown(row) | {"holds": points_held(one, base) if has_points else ""}
                 for row, one in zip(rows, pence, strict=True)],
        "has_points": has_points,
        "count": len(names.frame),
        "pence": int(names.frame["amount_pence"].sum()) if len(names.frame) else 0,
        "csv": decisions(rows, publisher),
    }  # fmt: skip


def _is_width(figure: Mapping[str, Any] | None, pence: int) -> bool:
    """
    Whether pence of names are so many points of a share's range: what is not known is all that lies between the bounds.

    It is not where a name is withheld and its place is known, and never for more than all that is not known.
    """
    if not figure or not figure["has_value"] or figure["base_pence"] <= 0 or pence > figure["unknown_pence"]:
        return False
    return bool(abs(figure["high"] - figure["low"] - figure["unknown_pence"] / figure["base_pence"]) < 1e-6)


def doubt_held(pence: Sequence[int], figure: Mapping[str, Any] | None) -> str:
    """
    What the names together hold of the doubt: all of it, at least so many whole points, or plainly how many they are.

    Args:
        pence: Of each name, in the year of the figure.
    """
    together, holding = sum(pence), sum(one > 0 for one in pence)
    plain = said.MATCHES_PLAIN.format(names=formats.plural(len(pence), "name")) if pence else said.MATCHES_NONE
    if not figure or not together or not _is_width(figure, together):
        return plain
    points = math.floor(round(together / figure["base_pence"] * 100, 9))
    width = formats.parts_of_pound(figure["low"], figure["high"])[1]
    if not points:
        return plain
    names, holds = formats.plural(holding, "name"), "holds" if holding == 1 else "hold"
    pattern = said.MATCHES_ALL if together == figure["unknown_pence"] else said.MATCHES_SOME
    return pattern.format(names=names, hold=holds, points=points, width=formats.plural(width, "point"))


def points_held(pence: int, base: int) -> str:
    """Pence of a share's base as points of its range, to the tenth: `"3.2 points"`."""
    tenths = math.floor(round(pence / base * 1000, 6) + 0.5)
    if not pence:
        return said.MATCHES_NOTHING
    return f"{tenths / 10:.1f} points" if tenths else said.MATCHES_HARDLY
