"""
Why a cell holds no value: redacted by the body, withheld by us, or not published.

In Parquet such a cell is null and columns beside it say why. In CSV, where people look at the cell itself, it holds a
mark that the schema lists among its `missingValues` with a label.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

#: Labels of marks in a schema.
REDACTED, WITHHELD, NOT_PUBLISHED = "redacted", "withheld", "not published"
#: Columns that say why a cell holds no value.
TELLING = frozenset(["payee_missing", "withheld"])


def mark(schema: Any, label: str) -> str:
    """The mark of a reason in CSV files of a table; `""` where the table has none of that name."""
    return next((missing.value for missing in schema.missing if missing.label == label), "")


def tell_missing(frame: pd.DataFrame, schema: Any) -> pd.DataFrame:
    """
    Payments as they are published: a name is a name, and what is none says why.

    Args:
        frame: Payments with `payee` as published and `is_redacted`; cells that the leak guard masked whole hold its mark.
        schema: The schema of `payments`.

    Returns:
        The frame with `payee_missing`, `redaction` and `withheld`; cells that hold no value are `""`.
    """
    masked = mark(schema, WITHHELD)
    redacted = frame["is_redacted"].astype(bool)
    out = frame.assign(redaction=frame["payee"].where(redacted, ""), payee=frame["payee"].mask(redacted, ""))
    withheld = pd.Series("", index=frame.index, dtype="str")
    for field in schema.fields:
        if field.type == "string" and field.name in frame and not field.missing:
            whole = out[field.name] == masked
            if whole.any():
                withheld = withheld.mask(whole, withheld.where(withheld == "", withheld + "|") + field.name)
                out[field.name] = out[field.name].mask(whole, "")
    why = pd.Series("", index=frame.index, dtype="str").mask(out["payee"] == "", NOT_PUBLISHED)
    why = why.mask(withheld.str.split("|").map(lambda names: "payee" in names), WITHHELD).mask(redacted, REDACTED)
    return out.assign(payee_missing=why, withheld=withheld)


def with_marks(texts: dict[str, pd.Series], schema: Any) -> dict[str, pd.Series]:
    """
    Columns of a CSV file with marks where a cell holds no value.

    Args:
        texts: Column to its texts, missing where null.

    Returns:
        The same for tables that do not say why a cell is missing.
    """
    if "payee_missing" in texts:
        redacted = (texts["payee_missing"] == REDACTED).fillna(False).astype(bool)
        texts["payee"] = texts["payee"].mask(redacted, mark(schema, REDACTED))
    if "withheld" in texts:
        lists = texts["withheld"].dropna()
        for name in sorted({name for said in lists.unique() for name in str(said).split("|")}):
            rows = lists.index[lists.map(lambda said, name=name: name in str(said).split("|"))]
            texts[name] = texts[name].copy()
            texts[name].loc[rows] = mark(schema, WITHHELD)
    return texts


def payee_as_published(frame: pd.DataFrame, schema: Any) -> pd.Series:
    """The payee as it stood in the published payments before its reasons were told apart; `tell_missing` undone."""
    payee = frame["payee"].fillna("").astype("str")
    redacted = (frame["payee_missing"] == REDACTED).fillna(False).astype(bool)
    withheld = (frame["payee_missing"] == WITHHELD).fillna(False).astype(bool)
    return payee.mask(redacted, frame["redaction"]).mask(withheld, mark(schema, WITHHELD))
