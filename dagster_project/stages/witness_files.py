"""Files of witnesses: found by their headings, and read, our columns only."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dagster_project.match.registers import DELIMITERS, WrongLayout, first_lines, folded_heading, open_text


def find_witnesses(witnesses: Sequence[Any], folder: Path) -> list[tuple[Any, Path]]:
    """
    Which files of a folder are which witness, by their headings.

    Returns:
        Pairs of declaration and file, in order of file name. One file may be several witnesses.
    """
    found = []
    for path, first in first_lines(folder):
        for witness in witnesses:
            headings = {
                folded_heading(cell) for cell in next(csv.reader([first], delimiter=DELIMITERS[witness.delimiter]), [])
            }
            if headings >= {folded_heading(heading) for heading in witness.recognised_by}:
                found.append((witness, path))
    return found


def witness_rows(witness: Any, path: Path) -> Iterator[dict[str, str]]:
    """
    Rows of a witness' file, our columns only, streamed.

    Raises:
        WrongLayout: a declared column is not there.
    """
    csv.field_size_limit(1_000_000)
    with open_text(path) as text:
        reader = csv.reader(text, delimiter=DELIMITERS[witness.delimiter])
        folded = [folded_heading(heading) for heading in next(reader)]
        places = {}
        for ours, theirs in witness.columns.items():
            wanted = theirs[1:-1] if theirs.startswith("/") else re.escape(folded_heading(theirs))
            at = next((i for i, heading in enumerate(folded) if re.fullmatch(wanted, heading)), None)
            if at is None:
                raise WrongLayout(
                    f"{witness.name}: {path.name} has no column '{theirs}' (our {ours}). If the register changed its "
                    f"layout, mend datapackages/measures/witnesses/{witness.slug}.yaml"
                )
            places[ours] = at
        last = max(places.values())
        for cells in reader:
            if len(cells) > last:
                yield {ours: cells[at].strip() for ours, at in places.items()}
