"""Every organisation that was paid, over all bodies: a legal body where a register has it, else a name."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.match.names import name_key
from dagster_project.measure.engine import Engine
from dagster_project.measure.suppliers import sum_suppliers, with_numbers
from dagster_project.model.ids import name_id, supplier_figure_id
from dagster_project.model.periods import financial_year
from dagster_project.stages import room
from dagster_project.stages.counting import PAYMENTS, REGISTERS
from dagster_project.stages.engine import connect_wide, quoted, view
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.plan import Plan
from dagster_project.stages.reading import files_of
from dagster_project.store import Store, code_key, key_of

SUPPLIERS = "suppliers"
#: Who gets a page: a legal body that so many public bodies paid, or one that got so many pence in one financial year.
BODIES_FROM, PENCE_FROM = 2, 10_000_000
#: What a supplier's page shows at most of its services, its largest payments, and the bodies that paid it.
SERVICES_SHOWN, LARGEST_SHOWN, PAYERS_SHOWN = 4, 4, 24
#: Tables over all suppliers, in the order in which they are published, and what each is sorted by.
TABLES = {
    "suppliers": "supplier_id",
    "supplier_names": "supplier_id, publisher, payee",
    "supplier_payments_by_body": "supplier_id, publisher, period, dataset_kind, department",
}
#: Tables of each part of the suppliers that have pages, and what each is sorted by.
PART_TABLES = {
    "suppliers": "supplier_id",
    "supplier_spellings": "supplier_id, payments DESC, payee, method, confidence",
    "supplier_years": "supplier_id, period",
    "supplier_bodies": "supplier_id, pence DESC, publisher",
    "supplier_services": "supplier_id, pence DESC, publisher, department",
    "supplier_largest": "supplier_id, amount_pence DESC, payment_id",
}
#: What pages read of the tables over all suppliers besides `suppliers`, where another engine worked them out.
HANDED_OVER = ("named", "could_have_page", "supplier_names", "supplier_payments_by_body")
#: Rows that are in memory together, of tables that may be larger than it.
BATCH = 100_000
#: What the leak guard leaves of a name that it takes out whole.
MASKED = "[masked]"
#: What is read of a payment; the rest is said by its payee.
_READ = (
    "payment_id, publisher, payee_key, dataset_kind, date, month, period, payee, amount_pence, is_redacted, department, "
    'purpose, category, reference, file_id, "table", record, file_row_number'
)
_FILE = ["publisher", "file_id", "name", "sha256", "source_url", "retrieved"]


def gather_suppliers(plan: Plan) -> StageRun:
    """Suppliers of all bodies together."""
    return plan.keep(run_stage(plan.store, SUPPLIERS, [supplier_job(plan)], gather, plan.report, workers=1))


def supplier_job(plan: Plan) -> Job:
    """The one job: over all payees and payments, registers, months and files."""
    payees, counted = plan.recall(PAYEES), plan.recall(PAYMENTS)
    files = [frame.loc[frame["status"] == "read", _FILE] for frame in files_of(plan).values()]
    registers = plan.recall(REGISTERS).keys["all"]
    serving = pd.concat(files, ignore_index=True)
    payload = {
        "payees": [table_key(PAYEES, slug, key, "payees") for slug, key in payees.keys.items()],
        "payments": [table_key(PAYEES, slug, key, "payments") for slug, key in payees.keys.items()],
        "coverage": [table_key(PAYMENTS, slug, key, "coverage") for slug, key in counted.keys.items()],
        **{name: [table_key(REGISTERS, "all", registers, name)] for name in ("bodies", "aliases", "postcodes")},
        "files": serving,
    }  # fmt: skip
    code = code_key(
        "stages/suppliers.py",
        "stages/supplier_pages.sql",
        "stages/room.py",
        "measure/suppliers.sql",
        "measure/suppliers.py",
        "match/names.py",
    )
    said = [code, payees.key, counted.key, registers, serving.to_csv()]
    return Job("all", key_of(said), payload)


@contextmanager
def spilling_engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine on disk, in a folder that is gone afterwards: payments of all bodies are larger than memory."""
    with tempfile.TemporaryDirectory() as folder:
        settings: dict[str, Any] = {
            "memory_limit": "2GB",
            "temp_directory": folder,
            "preserve_insertion_order": "false",
        }
        with duckdb.connect(f"{folder}/suppliers.duckdb", config=settings) as engine:
            engine.execute("SET enable_progress_bar = false")
            yield engine


def gather(store: Store, job: Job) -> Summary:
    """Work out every table of suppliers, and what their pages are printed from."""
    with spilling_engine() as pages:
        with connect_wide(lambda: nullcontext(pages)) as engine:
            give(engine, store, job.payload)
            sum_suppliers(engine, BODIES_FROM, PENCE_FROM, room.PAGES)
            for name, order in TABLES.items():
                if name != SUPPLIERS:
                    write_query(store, job, name, engine, f"SELECT * FROM {name} ORDER BY {order}")
            frame = frame_of(engine, f"SELECT * FROM suppliers ORDER BY {TABLES[SUPPLIERS]}")
            stated = engine.execute("SELECT supplier_id, ids FROM stated_ids ORDER BY supplier_id, ids").fetchall()
            ((rows, pence),) = engine.execute("SELECT payments, amount_pence FROM left_out").fetchall()
            if engine is not pages:
                for name in HANDED_OVER:
                    pages.register(name, frame_of(engine, f"SELECT * FROM {name}"))
        suppliers = with_numbers(frame, stated)
        suppliers = suppliers.assign(figure_id=[supplier_figure_id(one) for one in suppliers["supplier_id"]])
        write(store, job, SUPPLIERS, suppliers)
        give_pages(pages, store, job.payload, suppliers)
        shown = room.lines_shown(pages_of_payments(pages))
        work_out_pages(pages, shown)
        paged = frame_of(
            pages,
            "SELECT DISTINCT publisher, supplier_id FROM supplier_payments_by_body SEMI JOIN paged USING (supplier_id) ORDER BY ALL",
        )
        write(store, job, "pages", paged)
        no_room = "SELECT supplier_id FROM could_have_page WHERE supplier_id NOT IN (SELECT supplier_id FROM paged) ORDER BY ALL"
        write(store, job, "no_room", frame_of(pages, no_room))
        names = pages.execute("SELECT DISTINCT part FROM paged ORDER BY part").fetchall()
        parts = {part: _write_part(store, job, part, pages) for (part,) in names}
    has_page = int(suppliers["has_page"].sum())
    return {"suppliers": len(suppliers), "pages": has_page, "left_out": rows, "left_out_pence": pence, "parts": parts,
            "lines_shown": shown}  # fmt: skip


def give(engine: Engine, store: Store, payload: dict[str, Any]) -> None:
    """Give an engine what the query over all suppliers reads."""
    for name in ("payees", "payments", "bodies", "aliases", "postcodes"):
        view(engine, store, name, payload[name])
    parts = [
        pa.table({
            "payee": pa.array([payee for payee, _ in names], pa.string()),
            "payee_class": pa.array([kind for _, kind in names], pa.string()),
            "id": pa.array([name_id(name_key(payee) or payee.strip().casefold(), kind) for payee, kind in names], pa.string()),
        })
        for names in _names(engine)
    ]  # fmt: skip
    engine.register("keys", pa.concat_tables(parts))


def _names(engine: Engine) -> Iterator[list[tuple[str, str]]]:
    """Payees as published and their classes, each once, without those that nobody may name; the last part may be empty."""
    query = f"SELECT DISTINCT payee, payee_class FROM payees WHERE payee NOT IN ('', {quoted(MASKED)}) ORDER BY payee, payee_class"
    if isinstance(engine, duckdb.DuckDBPyConnection):
        for batch in engine.sql(query).to_arrow_reader(BATCH):
            yield list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
        yield []
    else:
        yield [(payee, kind) for payee, kind in engine.execute(query).fetchall()]


def give_pages(
    engine: duckdb.DuckDBPyConnection, store: Store, payload: dict[str, Any], suppliers: pd.DataFrame
) -> None:
    """Give an engine what the pages' query reads besides."""
    engine.register("suppliers_whole", suppliers)
    engine.execute("CREATE OR REPLACE TABLE suppliers AS FROM suppliers_whole")
    view(engine, store, "coverage", payload["coverage"])
    engine.execute("CREATE TEMP TABLE months AS SELECT DISTINCT publisher, dataset_kind, month FROM coverage")
    years = {month: financial_year(month) or "" for (month,) in engine.execute("SELECT DISTINCT month FROM months").fetchall() if month != "undated"}  # fmt: skip
    engine.register(
        "years_of_months",
        pa.table({"month": pa.array(years, pa.string()), "period": pa.array(years.values(), pa.string())}),
    )
    engine.execute("CREATE OR REPLACE VIEW months_served AS SELECT * FROM months JOIN years_of_months USING (month)")
    if store.is_local:
        paths = ", ".join(quoted(store.path(key)) for key in payload["payments"])
        placed = f"read_parquet([{paths}], file_row_number = true)"
    else:
        frame = pd.concat([store.read_frame(key) for key in payload["payments"]], ignore_index=True)
        engine.register("all_payments", frame.assign(file_row_number=range(len(frame))))
        placed = "all_payments"
    engine.execute(f"CREATE VIEW payments_in_place AS SELECT {_READ} FROM {placed}")
    engine.register("files", pa.Table.from_pandas(payload["files"].drop_duplicates(["publisher", "file_id"])))


def pages_of_payments(engine: duckdb.DuckDBPyConnection) -> int:
    """How many pages there are of a body's payments of a year."""
    ((pages,),) = engine.execute(
        "SELECT count(DISTINCT (publisher, period)) FROM months_served WHERE period <> ''"
    ).fetchall()
    return int(pages)


def work_out_pages(engine: duckdb.DuckDBPyConnection, shown: int) -> None:
    """Run the pages' query, with so many payments on the page of a body's year; the engine then holds its tables."""
    text = (Path(__file__).parent / "supplier_pages.sql").read_text(encoding="utf-8")
    filled = {
        "$shown": shown, "$services": SERVICES_SHOWN, "$largest": LARGEST_SHOWN, "$payers": PAYERS_SHOWN,
        "$files": room.FILES_AT_MOST, "$row": room.A_ROW, "$plain": room.PLAIN, "$packing": room.PACKING,
    }  # fmt: skip
    for name, value in filled.items():
        text = text.replace(name, str(value))
    for statement in re.sub(r"--[^\n]*", "", text).split(";"):
        if statement.strip():
            engine.execute(statement)


def frame_of(engine: Any, query: str) -> pd.DataFrame:
    """Rows of a query; DuckDB's texts stay in Arrow, where they take a tenth of what they take as Python's."""
    is_duckdb = isinstance(engine, duckdb.DuckDBPyConnection)
    frame: pd.DataFrame = engine.sql(query).to_arrow_table().to_pandas() if is_duckdb else engine.execute(query).df()
    return frame


def write(store: Store, job: Job, name: str, frame: pd.DataFrame) -> str:
    """Store a table of the job; the hash of its bytes."""
    key = table_key(SUPPLIERS, job.partition, job.key, name)
    store.write_frame(key, _texts(frame))
    return store.sha256(key)


def write_query(store: Store, job: Job, name: str, engine: Any, query: str) -> None:
    """Store the rows of a query as a table of the job; DuckDB's are never in memory together."""
    if not isinstance(engine, duckdb.DuckDBPyConnection):
        write(store, job, name, frame_of(engine, query))
        return
    like = _texts(frame_of(engine, f"SELECT * FROM ({query}) LIMIT 0"))
    batches = engine.sql(query).to_arrow_reader(BATCH)
    store.write_batches(table_key(SUPPLIERS, job.partition, job.key, name), batches, like)


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose columns of objects are texts."""
    return frame.astype({column: "str" for column in frame.columns if frame[column].dtype == object})


def _write_part(store: Store, job: Job, part: str, engine: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Store what the pages of a part are printed from; its hash and the bodies on them."""
    order = "supplier_id, publisher, month, date, payment_id"
    paid = frame_of(engine, f"SELECT * FROM paid WHERE part = {quoted(part)} ORDER BY {order}")
    hashes = [write(store, job, f"paid-{part}", paid.drop(columns="part"))]
    payers = engine.execute(
        "SELECT DISTINCT publisher FROM supplier_bodies WHERE part = ? ORDER BY ALL", [part]
    ).fetchall()
    for name, order in PART_TABLES.items():
        select = f"SELECT {name}.* FROM {name} SEMI JOIN (SELECT supplier_id FROM paged WHERE part = {quoted(part)}) USING (supplier_id) ORDER BY {order}"
        frame = frame_of(engine, select)
        hashes.append(write(store, job, f"{name}-{part}", frame))
    files = frame_of(engine, "SELECT * FROM files ORDER BY publisher, file_id")
    serving = paid[["publisher", "file_id"]].drop_duplicates()
    hashes.append(
        write(store, job, f"files-{part}", files.merge(serving, on=["publisher", "file_id"]).reset_index(drop=True))
    )
    return {
        "hash": key_of(hashes),
        "publishers": [publisher for (publisher,) in payers],
        "suppliers": engine.execute("SELECT count(*) FROM paged WHERE part = ?", [part]).fetchall()[0][0],
    }


def pages_by_body(plan: Plan) -> dict[str, Sequence[str]]:
    """Public body to the suppliers of it that have pages."""
    frame = plan.store.read_frame(table_key(SUPPLIERS, "all", plan.recall(SUPPLIERS).keys["all"], "pages"))
    return {str(slug): sorted(group["supplier_id"]) for slug, group in frame.groupby("publisher", observed=True)}
