"""A table that is stored piece by piece is the table that is stored whole."""

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project import store as room
from dagster_project.store import Store

ROWS = st.lists(
    st.tuples(st.text(max_size=3), st.integers(-(2**62), 2**62), st.none() | st.text(max_size=2)), max_size=40
)


def frame_of(rows):
    frame = pd.DataFrame(rows, columns=["payee", "pence", "why"])
    return frame.astype({"payee": "str", "pence": "int64", "why": "str"})


def streamed(frame, size):
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=size))


@given(ROWS, st.integers(1, 50), st.integers(1, 20))
def test_bytes_do_not_depend_on_the_pieces(tmp_path_factory, rows, size, group):
    frame, store = frame_of(rows), Store(str(tmp_path_factory.mktemp("store")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "ROW_GROUP", group)
        store.write_frame("whole", frame)
        store.write_batches("pieces", streamed(frame, size), frame.iloc[:0])
    assert store.read("pieces") == store.read("whole")
    pd.testing.assert_frame_equal(store.read_frame("pieces"), store.read_frame("whole"))
