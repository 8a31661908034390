"""The largest payments of one body and year, each with the published line it comes from."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

import pandas as pd

from dagster_project.portal import facts, formats, suppliers, words
from dagster_project.portal.site import BodyFrames
from dagster_project.portal.stamp import Stamp

#: Letters of a payee's name in a list; the whole of it, as far as a page can hold it, stands in its details.
SUMMARY_LETTERS = 120
#: Fields of a payment that are printed as published, in order, with what they are called.
FIELDS = (
    ("reference", "Reference"), ("department", "Service"), ("purpose", "Purpose"), ("category", "Category"),
    ("body", "Entity"), ("contract_reference", "Contract"), ("company_number", "Company number"),
    ("charity_number", "Charity number"), ("vat_number", "VAT number"), ("payee_postcode", "Payee’s postcode"),
)  # fmt: skip
#: What is said of a file that lines on the page come from.
FILE = ("file_id", "name", "sha256", "retrieved", "source_url")
#: Fields that could tell who a masked payee is.
TELLING = ("payee_postcode", "company_number", "charity_number", "vat_number")


def payments_page(
    stamp: Stamp, about: dict[str, Any], frames: BodyFrames, of_year: pd.DataFrame, year: str, path: str
) -> bytes:  # fmt: skip
    """The page of a year's largest payments."""
    largest = of_year.nlargest(frames.lines_shown, "amount_pence", keep="first")
    serving = frames.files[frames.files["file_id"].isin(largest["file_id"])].drop_duplicates("file_id")
    withheld = facts.is_withheld(of_year) & ~facts.is_person(of_year)
    return stamp.page(
        "payments.html", path, words.BODIES,
        f"Largest payments of {about['name']}, {formats.year(year)}",
        f"The {min(len(of_year), frames.lines_shown)} largest payments that {about['name']} published for {formats.year(year)}.",
        body=about,
        year=year,
        payments=[_payment(row, frames.supplier_pages) for row in facts.rows(largest)],
        files={row["file_id"]: row for row in facts.rows(serving[list(FILE)].sort_values(["name", "file_id"]))},
        has_cards=len(of_year["dataset_kind"].unique()) > 1,
        total=len(of_year),
        pence=int(of_year["amount_pence"].sum()),
        shown_pence=int(largest["amount_pence"].sum()),
        withheld=int(withheld.sum()),
        people=int(facts.is_person(of_year).sum()),
        downloads=frames.downloads,
    )  # fmt: skip


def _payment(row: dict[str, Any], pages: AbstractSet[str]) -> dict[str, Any]:
    shown = facts.payee_shown(row)
    hidden = TELLING if shown["is_masked"] else ()
    return {
        "id": row["payment_id"],
        "payee": formats.published(shown["name"], SUMMARY_LETTERS),
        "note": shown["note"],
        "is_masked": shown["is_masked"],
        "date": formats.day(row["date"]) or formats.month(row["month"] or ""),
        "amount": formats.exact(row["amount_pence"]),
        "is_card": row["dataset_kind"] == "cards",
        "supplier": facts.supplier_words(row["supplier_id"] or "") if not hidden else "",
        "supplier_page": suppliers.address(row["supplier_id"]) if not hidden and row["supplier_id"] in pages else "",
        "fields": ([("Payee", shown["name"])] if len(shown["name"]) > SUMMARY_LETTERS else [])
        + [(title, formats.published(row[name])) for name, title in FIELDS if row.get(name) and name not in hidden],
        "line_id": row["line_id"],
        "file_id": row["file_id"],
    }
