"""A payee that was redacted, one that we withheld and one that was never published are three things, in both forms."""

import csv
import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.declare.schemas import load_schemas
from dagster_project.package import arrow_table, csv_bytes, parquet_bytes, payee_as_published, tell_missing
from dagster_project.stages.plan import DECLARED
from dagster_project.tidy.leaks import MASK

SCHEMA = load_schemas(DECLARED / "schemas")["payments"]
TEXTS = [field.name for field in SCHEMA.fields if field.type == "string"]


def frame_of(*payees, **texts):
    """Payments between rooms: pairs of payee as published and whether its name is redacted."""
    frame = pd.DataFrame(
        {name: [""] * len(payees) for name in TEXTS if name not in ("payee_missing", "redaction", "withheld")}
    )
    frame = frame.assign(payee=[payee for payee, _ in payees], is_redacted=[redacted for _, redacted in payees], date="",
                         amount_pence=100, **texts)  # fmt: skip
    return frame.astype(dict.fromkeys((name for name in frame if name not in ("is_redacted", "amount_pence")), "str"))


def both(frame):
    table = arrow_table(tell_missing(frame, SCHEMA), SCHEMA)
    cells = list(csv.DictReader(io.StringIO(csv_bytes(table, SCHEMA).decode(), newline="")))
    return cells, pq.read_table(pa.BufferReader(parquet_bytes(table))).to_pylist()


@pytest.mark.parametrize(
    ("payee", "redacted", "cell", "missing", "redaction"),
    [
        ("Acme Care Ltd", False, "Acme Care Ltd", "", ""),
        ("REDACTED PERSONAL DATA", True, "[name redacted]", "redacted", "REDACTED PERSONAL DATA"),
        (MASK, False, MASK, "withheld", ""),
        ("", False, "", "not published", ""),
        (f"Refund to {MASK}", False, f"Refund to {MASK}", "", ""),
        ("-----", True, "[name redacted]", "redacted", "'-----"),
    ],
    ids=["named", "redacted", "withheld", "not published", "withheld in part", "a redaction like a formula"],
)
def test_each_reason_is_told_in_both_forms(payee, redacted, cell, missing, redaction):
    (row,), (typed,) = both(frame_of((payee, redacted)))
    assert (row["payee"], row["payee_missing"], row["redaction"]) == (cell, missing, redaction)
    assert typed["payee"] == (None if missing else payee)
    assert typed["payee_missing"] == (missing or None)
    assert row["withheld"] == ("payee" if missing == "withheld" else "")


def test_other_cells_that_were_withheld_whole_are_listed():
    (row,), (typed,) = both(frame_of((MASK, False), purpose=[MASK], reference=["5100023"]))
    assert (row["purpose"], row["withheld"], row["reference"]) == (MASK, "payee|purpose", "5100023")
    assert (typed["purpose"], typed["withheld"]) == (None, "payee|purpose")


WORDINGS = st.sampled_from(["Acme", "", MASK, "REDACTED", "[name redacted]", "*****", f"x {MASK}", "NA", "null"])


@settings(deadline=None)
@given(st.lists(st.tuples(WORDINGS, st.booleans()), min_size=1, max_size=6))
def test_the_payee_as_published_can_be_had_back(payees):
    """An id is made of the payee as published, so it must not be lost."""
    payees = [(payee, redacted and payee != "") for payee, redacted in payees]
    frame = frame_of(*payees)
    table = arrow_table(tell_missing(frame, SCHEMA), SCHEMA).to_pandas()
    assert payee_as_published(table, SCHEMA).tolist() == [payee for payee, _ in payees]
