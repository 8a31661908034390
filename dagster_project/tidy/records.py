"""Shows one record of a published file as it stands there, for whoever wants to see the line behind a payment."""

from __future__ import annotations

from dagster_project.model.words import Words
from dagster_project.tidy.grids import text_of
from dagster_project.tidy.reading import read_file, read_grids


def show_record(name: str, data: bytes, words: Words, table: int, record: int) -> tuple[list[str], list[str]]:
    """
    One record as published, with its headings; where its cells stood beside them, below the headings they belong to.

    Args:
        table, record: As in a `line_id`.

    Returns:
        The headings and the cells, of equal length.

    Raises:
        LookupError: the file has no such table or record.
    """
    reading = read_file(name, data, words)
    found = next((t for t in reading.tables if t.number == table), None)
    if found is None:
        raise LookupError(f"'{name}' has {len(reading.tables)} tables, so none with number {table}")
    for grid in read_grids(name, data, words):
        if (grid.member, grid.sheet) == (found.member, found.sheet):
            at = record - grid.first
            if not 0 <= at < len(grid.rows):
                break
            cells = [""] * grid.left + (found.mended.get(record) or [text_of(cell) for cell in grid.rows[at]])
            width = max(len(cells), len(found.headings))
            pad = [""] * width
            return (found.headings + pad)[:width], (cells + pad)[:width]
    raise LookupError(f"table {table} of '{name}' has no record {record}")
