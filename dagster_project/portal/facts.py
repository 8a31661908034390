"""Facts that several pages take from the tables: figures by key, years, names as they may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from dagster_project.model import periods
from dagster_project.portal import breaks, formats, words
from dagster_project.portal.site import Site
from dagster_project.portal.supplier_words import register_entry

#: Between the bounds of a share, from which it says next to nothing: what is known stands first then.
HARDLY = 0.9
LOCAL, SPEND, TOP_TEN = "e1-stays-in-the-area", "spend", "top-ten-share"
#: Classes of payee whose names are not repeated on pages.
PEOPLE = ("individual",)
NAMELESS = ("redacted", "unreadable")


#: What a declaration of a measure may leave out, so that templates need not ask.
UNSAID = {"unit": "share", "formula": "", "yes": "", "base": "", "left_out": (), "assumes": "", "caveats": (),
          "source": "", "family": "basics", "form": "share", "of": "payees", "needs": (), "counted_in": "pounds", "score": "", "weight": "", "value": "", "value_low": "",
          "value_high": "", "statistic": "",
          "why_it_matters": "", "author": "", "checker": "", "reviewed": "", "status": "", "examples": ()}  # fmt: skip


def declared(site: Site) -> dict[str, dict[str, Any]]:
    """Measures by id, in their order, every key there; retired ones are left aside."""
    return {measure["id"]: {**UNSAID, **measure} for measure in site.measures if measure.get("status") != "retired"}


def is_hardly_known(figure: Mapping[str, Any] | None) -> bool:
    """Whether nearly the whole of a share lies between its bounds, so that it cannot lead a page."""
    if not figure or not figure["has_value"]:
        return False
    return figure["status"] == "nothing-known" or bool(figure["is_known"] and figure["high"] - figure["low"] >= HARDLY)


def number(value: Any) -> float | None:
    """A number of a table, or `None` where there is none."""
    return None if value is None or pd.isna(value) else float(value)


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A small table as mappings, missing numbers and dates as `None`."""
    if frame.empty:  # most bodies of the spine have no files, and pandas takes its time over nothing
        return []
    found = frame.to_dict("records")
    return [{str(key): None if not isinstance(v, str) and pd.isna(v) else v for key, v in row.items()} for row in found]


def figure(row: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """A figure ready to be printed: its bounds, what they say, how sure, its ranks."""
    low, high = number(row["low"]), number(row["high"])
    has_value = low is not None and high is not None
    is_alone = bool(row["is_ranked"]) and (number(row["ranked_of"]) or 0) < 2
    is_ranked = bool(row["is_ranked"]) and number(row["rank_best"]) is not None and not is_alone
    unknown, base = number(row["unknown_pence"]) or 0, number(row["base_pence"]) or 0
    return {
        **row,
        "unit": unit,
        "low": low,
        "high": high,
        "has_value": has_value,
        "is_known": has_value and row["status"] in ("ok", "partial"),
        "says": formats.value_range(low, high, unit) if low is not None and high is not None else words.NOT_KNOWN,
        "unknown_share": unknown / base if base > 0 else None,
        "unknown_says": _unknown_says(low, high, unknown / base) if base > 0 else "",
        "is_ranked": is_ranked,
        "is_alone": is_alone,
        "rank_says": formats.rank(row["rank_best"], row["rank_worst"])
        if is_ranked
        else words.ALONE
        if is_alone
        else words.NOT_RANKED,
        "base_says": "",
        "apart_says": _apart_says(row, is_ranked),
        "near_says": formats.rank(row["near_rank_best"], row["near_rank_worst"])
        if is_ranked and number(row.get("near_rank_best")) is not None
        else "",
        "outer_says": _outer_says(row, low, high, unit),
        "break_says": breaks.said(row.get("breaks")),
        "why": words.WHY_ALONE if is_alone else row["not_ranked_because"] or words.WHY_NO_VALUE.get(row["status"], ""),
    }


def _apart_says(row: Mapping[str, Any], is_ranked: bool) -> str:
    """From how many of the others a ranked body cannot be told apart; with one or two others, said of them."""
    many, of = number(row.get("not_separated")), number(row["ranked_of"])
    if not is_ranked or many is None or not of or of < 2:
        return ""
    others = int(of) - 1
    apart, not_apart = words.ALL_SEPARATED.get(others, words.ALL_SEPARATED[0])
    said = apart if not many else not_apart if many == others else words.NOT_SEPARATED
    return said.format(many=formats.count(many), of=formats.count(others))


def _outer_says(row: Mapping[str, Any], low: float | None, high: float | None, unit: str) -> str:
    """The outer range, where wrong links could move the figure as it is written."""
    ends = number(row.get("outer_low")), number(row.get("outer_high"))
    if low is None or high is None or ends[0] is None or ends[1] is None:
        return ""
    said = formats.value_range(ends[0], ends[1], unit)
    return "" if said == formats.value_range(low, high, unit) else words.OUTER.format(range=said)


def _unknown_says(low: float | None, high: float | None, unknown: float) -> str:
    """The unknown share in words; where it is what lies between the bounds, it agrees with them as they are written."""
    if low is not None and high is not None and abs(high - low - unknown) < 1e-6 and low != high:
        return f"{formats.parts_of_pound(low, high)[1]}%"
    return formats.share(unknown)


def figures_of(frame: pd.DataFrame, site: Site) -> dict[tuple[str, str], dict[str, Any]]:
    """Figures of one body by measure and period; retired or unknown measures are left aside."""
    measures = declared(site)
    return {
        (row["measure"], row["period"]): figure(row, measures[row["measure"]]["unit"])
        for row in rows(frame)
        if row["measure"] in measures
    }


def newest_year(figures: Mapping[tuple[str, str], Mapping[str, Any]], years: Iterable[str]) -> str:
    """The year that a body's page shows: the newest one that is ranked, else the newest with any value, else `""`."""
    spend = {period: found for (measure, period), found in figures.items() if measure == SPEND}
    ranked = [period for period, found in spend.items() if found["is_ranked"]]
    valued = [period for period, found in spend.items() if found["has_value"]]
    return max(ranked or valued or list(years), default="")


def with_year(frame: pd.DataFrame) -> pd.DataFrame:
    """Payments with the financial year that each counts in, `""` where the month is not known."""
    month = frame["month"].astype("object").fillna("")
    years = {text: periods.financial_year(text) or "" for text in month.unique()}
    return frame.assign(year=month.map(years))


def main_kind(frame: pd.DataFrame) -> str:
    """The kind of data that sums on pages are of: payments, or cards where a body publishes nothing else."""
    kinds = set(frame["dataset_kind"].unique())
    return "payments" if "payments" in kinds or not kinds else "cards"


def is_withheld(frame: pd.DataFrame) -> pd.Series:
    """Payments whose payee's name was removed by the body, or was never printed."""
    return frame["is_redacted"].astype(bool) | frame["payee_class"].isin(NAMELESS) | (frame["payee"] == "")


def is_person(frame: pd.DataFrame) -> pd.Series:
    """Payments to payees who may be people."""
    return frame["payee_class"].isin(PEOPLE)


def payee_shown(row: Mapping[str, Any]) -> dict[str, str]:
    """
    How a payee may be shown.

    Returns:
        `name`, and `note`: why there is none, or what kind of payee it is; `is_masked` is `"yes"` or `""`.
    """
    if row["payee_class"] in PEOPLE:
        return {"name": words.MASKED, "note": words.MASKED_PERSON, "is_masked": "yes"}
    if row.get("is_redacted") or row["payee_class"] == "redacted":
        wording = formats.published(row["payee"], 80)
        note = f"Published as “{wording}”." if wording else words.MASKED_BY_BODY
        return {"name": words.MASKED, "note": note, "is_masked": "yes"}
    if not row["payee"]:
        return {"name": words.NO_NAME, "note": "", "is_masked": "yes"}
    return {"name": formats.published(row["payee"]), "note": "", "is_masked": ""}


def download_like(downloads: Iterable[Mapping[str, Any]], word: str) -> Mapping[str, Any] | None:
    """The first CSV whose address holds a word, such as `figures`."""
    return next(
        (d for d in downloads if word in str(d["href"]) and d["format"] == "csv" and d.get("is_carried", True)), None
    )


def supplier_words(supplier_id: str) -> str:
    """`"GB-COH-01234567"` is `"Company 01234567"`; nothing stays nothing."""
    if not supplier_id:
        return ""
    _, noun, number, _ = register_entry(supplier_id)
    return f"{noun} {number}"
