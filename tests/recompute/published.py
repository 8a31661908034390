"""The published packages of a build, as a stranger reads them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

#: Spaces that are no part of a name, wherever it stands.
SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
#: What we published instead of a cell that looks like private data.
MASKED = "[masked]"
#: In scope: yes, no, or nobody knows.
SCOPE = {"supplier": 1.0, "arms_length": 1.0, "intermediary": 1.0, "redacted": np.nan, "unreadable": np.nan}


def read(package: Path, table: str, columns: list[str] | None = None) -> pd.DataFrame:
    """A published table; texts that are missing are empty, days are text."""
    found = pq.read_table(package / f"{table}.parquet", columns=columns).to_pandas()
    for name in found:
        if found[name].dtype.name in ("object", "str", "string") and name not in NUMBERS:
            found[name] = found[name].astype("object").where(found[name].notna(), "").astype(str)
    return found


#: Exact decimals, which pandas holds as objects.
NUMBERS = ("amount", "base", "unknown", "rank_best", "rank_worst", "ranked_of", "not_separated",
           "near_rank_best", "near_rank_worst", "near_of")  # fmt: skip
PAYMENTS = [
    "publisher", "dataset_kind", "date", "month", "payee", "payee_missing", "redaction", "amount", "is_redacted",
    "reference", "department", "purpose", "category", "payee_postcode", "company_number", "charity_number", "vat_number",
    "supplier_id", "payee_class", "payee_lad_code", "payee_lad_source", "withheld",
]  # fmt: skip


def small(text: str) -> str:
    """A text in small letters, each letter by itself."""
    return text.replace("İ", "i").replace("Σ", "σ").lower()


def each(texts: pd.Series, change) -> pd.Series:
    """A function of texts, worked out once for each that is different."""
    return texts.map({text: change(text) for text in texts.unique()})


def year_of(month: str) -> str:
    """The financial year of a month such as `2023-06`; empty without one."""
    if not month:
        return ""
    start = int(month[:4]) - (month[5:] < "04")
    return f"{start}-{(start + 1) % 100:02d}"


def year_before(period: str) -> str:
    """The financial year before."""
    return f"{int(period[:4]) - 1}-{int(period[:4]) % 100:02d}"


def payments_of(package: Path) -> pd.DataFrame:
    """Payments with `pence`, `period`, `unit` (who was paid) and a `postcode` without spaces; purchasing cards are apart."""
    lines = read(package, "payments", PAYMENTS)
    lines = lines[lines["dataset_kind"] == "payments"].copy()
    lines["pence"] = [int(amount * 100) for amount in lines.pop("amount")]
    lines["period"] = each(lines["month"], year_of)
    name = lines["payee"].where(lines["payee_missing"] != "redacted", lines["redaction"])
    name = name.mask(lines["payee_missing"] == "withheld", MASKED)
    for column in ("department", "purpose", "category", "reference"):
        lines[column] = lines[column].mask(
            lines["withheld"].str.split("|").map(lambda names, c=column: c in names), MASKED
        )
    unnamed = lines["payee_class"] + "|" + each(name, lambda text: small(text.strip(SPACES)))
    lines["unit"] = lines["supplier_id"].where(lines["supplier_id"] != "", unnamed)
    lines["postcode"] = each(lines["payee_postcode"], lambda text: "".join(text.upper().split(" ")))
    lines["is_named"] = (lines["payee"] != "") | lines["is_redacted"] | (lines["payee_missing"] == "withheld")
    return lines.drop(columns=["payee", "payee_missing", "redaction", "payee_postcode", "dataset_kind"])


def links_of(suppliers: Path) -> pd.DataFrame:
    """How sure each body's links are: the least sure of the names that were tied to a supplier."""
    names = read(suppliers, "supplier_names")
    tied = names[names["supplier_id"].str.startswith("GB-")]
    return tied.groupby(["publisher", "supplier_id"], as_index=False)["confidence"].min()
