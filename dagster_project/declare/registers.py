"""Registers: origin, licence, layout, and how a register's columns map to ours, declared one file each."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import model_validator

from dagster_project.declare.strict import Declared, load_folder

#: What a register can say, and our names for it.
GIVES = {
    "postcodes": ("postcode", "lad_code"),
    "organisations": ("number", "name", "postcode", "status", "start", "end", "company_number"),
}


class Register(Declared):
    """
    One register.

    Attributes:
        gives: Which of our tables its rows join: `postcodes` or `organisations`.
        recognised_by: Headings that a file of it has, by which it is found in a folder; case and spaces do not matter.
        columns: Our column to the register's heading. A heading between slashes is a pattern, for registers whose
            column names carry the year.
        prefix: org-id prefix of its numbers, e.g. `GB-COH`.
        tried_on: Said on its page: real data, or only a sample in the true layout.
    """

    slug: str
    name: str
    publisher: str
    origin: str
    licence: str
    gives: Literal["postcodes", "organisations"]
    delimiter: Literal["comma", "tab"] = "comma"
    recognised_by: tuple[str, ...]
    columns: dict[str, str]
    prefix: str = ""
    tried_on: str

    @model_validator(mode="after")
    def _maps_known_columns(self) -> Register:
        if unknown := sorted(set(self.columns) - set(GIVES[self.gives])):
            raise ValueError(f"`columns` names {', '.join(unknown)}; known: {', '.join(GIVES[self.gives])}")
        return self


def load_registers(folder: Path) -> tuple[Register, ...]:
    """Every register of `datapackages/registers/`, by slug."""
    return load_folder(Register, folder, "slug")
