"""The page of one supplier: who pays it, how much, for what, and how sure we are that it is one body."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from dagster_project.model.periods import YEAR
from dagster_project.portal import bars, citing, facts, formats, words
from dagster_project.portal import supplier_words as said_of
from dagster_project.portal.site import Shell, Site, SupplierFrames
from dagster_project.portal.stamp import Stamp

BODIES_SHOWN, NAMES_SHOWN, LETTERS, WHAT_LETTERS = 6, 5, 120, 60
#: Years that are named under a chart at most.
LABELS = 6


def slug(supplier: str) -> str:
    """A supplier's part of an address: its id in small letters."""
    return supplier.lower().replace("/", "-")


def address(supplier: str) -> str:
    """Address of a supplier's page from the root."""
    return f"suppliers/{slug(supplier)}/"


def supplier_pages(site: Site, shell: Shell, frames: SupplierFrames) -> Iterator[tuple[str, bytes]]:
    """Path from the portal's root and bytes of the page of each supplier."""
    stamp = Stamp(site, shell)
    groups = _Groups(frames)
    for row in facts.rows(frames.suppliers):
        yield f"{address(row['supplier_id'])}index.html", _page(stamp, frames, row, groups)


class _Groups:
    """Rows of each supplier, as its page shows them."""

    def __init__(self, frames: SupplierFrames) -> None:
        self.payers, self.services = by_supplier(frames.payers), by_supplier(frames.services)
        self.years, self.largest = by_supplier(frames.years), by_supplier(frames.largest)
        self.names = by_supplier(frames.names)


def by_supplier(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Supplier to its rows as mappings, in their order."""
    names, found = [str(name) for name in frame.columns], defaultdict[str, list[dict[str, Any]]](list)
    for supplier, values in zip(
        frame["supplier_id"], zip(*(frame[name].tolist() for name in frame), strict=True), strict=True
    ):
        found[supplier].append(dict(zip(names, values, strict=True)))
    return found


def _page(stamp: Stamp, frames: SupplierFrames, row: dict[str, Any], groups: _Groups) -> bytes:
    supplier = row["supplier_id"]
    name = formats.published(row["name"], LETTERS)
    bodies = groups.payers[supplier]
    of_kind = "" if row["payments"] else "card_"
    total, payments = row[f"{of_kind}amount_pence"], row[f"{of_kind}payments"]
    years = groups.years[supplier]
    kind = "cards" if of_kind else "payments"
    about = _about(stamp.site, frames, row, name)
    return stamp.page(
        "supplier.html", address(supplier), words.SUPPLIERS, name, said_of.SUPPLIER_ABOUT.format(name=name),
        s=about,
        said=said_of,
        kind=kind,
        pence=total,
        payments=payments,
        period=_span(row["first_month"], row["last_month"]),
        cards=_cards(row) if kind == "payments" else "",
        heading=_bodies_heading(bodies, total, frames.bodies),
        bodies=_bodies(bodies, frames.bodies),
        rest=[(body["publisher"], frames.bodies[body["publisher"]], body["pence"]) for body in bodies[BODIES_SHOWN:]],
        others=bodies[0]["payers"] - len(bodies),
        years=_years(name, years),
        services=_services(groups.services[supplier], frames.bodies),
        names=_names(groups.names[supplier]),
        largest=[_payment(one, frames.bodies) for one in groups.largest[supplier]],
        file=frames.files.get(supplier),
        names_file=frames.names_file,
        citation=citing.supplier_citation(stamp.site, row, name, address(supplier)),
    )  # fmt: skip


def _about(site: Site, frames: SupplierFrames, row: dict[str, Any], name: str) -> dict[str, Any]:
    ids = [row["supplier_id"], *(row["other_ids"] or "").split("|")]
    entries = [said_of.register_entry(one) for one in dict.fromkeys(filter(None, ids))]
    classes = words.first_of(site.words.get("classes", []), row["payee_class"])
    return {
        **row,
        "name": name,
        # Numbers of the sample are in no register: a link would lead nowhere.
        "entries": [
            (register, noun, number, link if site.origin != "sample" else "")
            for register, noun, number, link in entries
        ],
        "class_title": classes.get("title") or row["payee_class"].replace("_", " ").capitalize(),
        "class_says": classes.get("explains", ""),
        "kind_says": (row["kind"] or "organisation").replace("_", " "),
        "since": formats.day(row["registered_since"])[-4:],
        "place": frames.places.get(row["lad_code"] or "", ""),
        "own_page": frames.own_pages.get(row["supplier_id"], ""),
    }


def _span(first: str, last: str) -> str:
    """`"April 2021 to March 2024"`; `""` where no month is known."""
    if not first:
        return ""
    return formats.month(first) if first == last else f"{formats.month(first)} to {formats.month(last)}"


def _cards(row: Mapping[str, Any]) -> str:
    if not row["card_payments"]:
        return ""
    payments = formats.plural(row["card_payments"], "payment")
    return said_of.CARDS_APART.format(payments=payments, amount=formats.money(row["card_amount_pence"]))


def _bodies_heading(bodies: Sequence[Mapping[str, Any]], total: int, names: Mapping[str, str]) -> str:
    """Whether one body pays more than half of all; else the plain description."""
    if len(bodies) == 1:
        return f"In these files {words.short_name(names[bodies[0]['publisher']])} alone pays it"
    if bodies[0]["pence"] * 2 > total > 0 and bodies[0]["least_pence"] >= 0:
        return f"More than half comes from {words.short_name(names[bodies[0]['publisher']])}"
    return "Which bodies pay it"


def _bodies(bodies: Sequence[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The bodies that paid most, each with the months and the service it mostly pays for."""
    most = float(max(body["pence"] for body in bodies))
    return [
        {
            **body,
            "name": names[body["publisher"]],
            "months": _span(body["first"], body["last"]),
            "mostly": formats.published(body["mostly"], LETTERS),
            "bar": bars.size_bar(float(body["pence"]), most),
        }
        for body in bodies[:BODIES_SHOWN]
    ]


def _years(name: str, years: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Years as columns, the table behind; a year that not every payer has whole is open."""
    if not years:
        return None
    found = {year["period"]: year for year in years}
    rows: list[dict[str, Any]] = []
    for period in _all_years(min(found), max(found)):
        year = found.get(period)
        rows.append({
            "period": period, "pence": year["pence"] if year else None, "payments": year["payments"] if year else 0,
            "whole": int(year["whole"]) if year else 0, "bodies": int(year["bodies"]) if year else 0,
            "is_open": year is None or year["whole"] < year["bodies"], "silent": int(year["silent"]) if year else 0,
        })  # fmt: skip
    every = -(-len(rows) // LABELS)  # more labels than that run into each other on a phone
    columns = [
        bars.Column(
            "" if (len(rows) - 1 - place) % every else f"{row['period'][2:4]}{formats.DASH}{row['period'][5:]}",
            None if row["pence"] is None else float(row["pence"]),
            row["is_open"],
        )
        for place, row in enumerate(rows)
    ]
    told = [f"{formats.year(row['period'])} {formats.money(row['pence'])}" for row in rows if row["pence"] is not None]
    said = f"{name} was paid: {', '.join(told)}."  # which years are hatched, and why, stands above the drawing
    last = rows[-1]
    silent = formats.plural(last["silent"], "body", "bodies")
    return {
        "rows": _gaps_joined(rows),
        "chart": bars.columns(columns, said, fewest=LABELS),
        "heading": _years_heading(rows),
        "has_open": any(row["is_open"] for row in rows),
        "last": last,
        "silent": said_of.SILENT.format(bodies=silent, year=formats.year(last["period"])) if last["silent"] else "",
    }


def _gaps_joined(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Years as a table shows them: years without a payment one row together."""
    found: list[dict[str, Any]] = []
    for is_gap, group in groupby(rows, key=lambda row: row["pence"] is None):
        years = list(group)
        first, last = formats.year(years[0]["period"]), formats.year(years[-1]["period"])
        joined = {**years[0], "label": first if first == last else f"{first} to {last}"}
        found += [joined] if is_gap else [{**year, "label": formats.year(year["period"])} for year in years]
    return found


def _all_years(first: str, last: str) -> list[str]:
    """Every financial year from one to another."""
    start, end = (int(found[1]) for found in (YEAR.match(first), YEAR.match(last)) if found)
    return [f"{year}-{(year + 1) % 100:02d}" for year in range(start, end + 1)]


def _years_heading(rows: Sequence[Mapping[str, Any]]) -> str:
    """Compares the last two years only where every payer has both of them whole."""
    whole = [row for row in rows if not row["is_open"]]
    if len(whole) >= 2 and min(whole[-1]["pence"], whole[-2]["pence"]) > 0:
        before, after = whole[-2], whole[-1]
        if abs(after["pence"] - before["pence"]) >= 0.01 * before["pence"]:
            more = "more" if after["pence"] > before["pence"] else "less"
            return (
                f"It was paid {more} in {formats.year(after['period'])} than in {formats.year(before['period'])}: "
                f"{formats.money(after['pence'])} after {formats.money(before['pence'])}"
            )
    return "What it was paid, year by year"


def _services(services: Sequence[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The largest headings, each that of one body: bodies name services differently, so none are added up."""
    return [
        {
            **one,
            "name": formats.published(one["department"], LETTERS),
            "body": words.short_name(names[one["publisher"]]),
        }
        for one in services
    ]


def _names(names: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Spellings with how sure each is, over all bodies; shares of pounds by sureness."""
    spellings: dict[str, dict[str, Any]] = {}
    worth: dict[str, int] = {}
    for row in names:
        sure = said_of.sureness(row["method"], row["confidence"])
        worth[sure] = worth.get(sure, 0) + row["weight_pence"]
        told = spellings.setdefault(
            row["payee"], {"payee": row["payee"], "payments": 0, "sure": sure, "evidence": row["evidence"]}
        )
        told["payments"] += row["payments"]
    total = sum(worth.values())
    rows = list(spellings.values())
    return {
        "rows": [
            {
                **row,
                "name": formats.published(row["payee"], LETTERS),
                "why": formats.published(said_of.reasons(row["evidence"]), LETTERS * 2),
            }
            for row in rows[:NAMES_SHOWN]
        ],
        "count": len(rows),
        "sure": [(sure, worth[sure] / total) for sure in (said_of.CERTAIN, said_of.LIKELY, said_of.CHECKED) if worth.get(sure) and total],
        "likely": sum(row["payments"] for row in rows if row["sure"] == said_of.LIKELY),
    }  # fmt: skip


def _payment(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    has_page = bool(row["is_shown"]) and bool(row["period"])
    return {
        "id": row["payment_id"],
        "date": formats.day(row["date"]) or formats.month(row["month"] or "") or "No date",
        "body": words.short_name(names[row["publisher"]]),
        "publisher": row["publisher"],
        "amount": formats.exact(row["amount_pence"]),
        "what": formats.published(row["purpose"] or row["department"], WHAT_LETTERS),
        "line": row["line_id"],
        "href": f"bodies/{row['publisher']}/{row['period']}/payments/#p-{row['payment_id']}" if has_page else "",
    }
