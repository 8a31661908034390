"""Registers: origin, licence, layout, and how a register's columns map to ours, declared one file each."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from dagster_project.declare.newest import Newest
from dagster_project.declare.strict import Declared, load_folder

#: What a register can say, and our names for it.
GIVES = {
    "postcodes": ("postcode", "lad_code"),
    "boundaries": ("lad_code", "end"),
    "organisations": (
        "number", "name", "also_known_as", "nation", "postcode", "status", "kind", "start", "end", "company_number", "sic",
        "accounts", "linked",
    ),
}  # fmt: skip


class PreviousNames(Declared):
    """
    Where former names stand.

    Attributes:
        name: Heading of the former name; `{n}` is its number, counted from 1.
        until: Heading of the day on which it ended, likewise.
        most: How many there can be.
    """

    name: str
    until: str = ""
    most: int = 1


class Register(Declared):
    """
    One register.

    Attributes:
        gives: Which of our tables its rows join: `postcodes` or `organisations`; or `boundaries`, which are TopoJSON.
        recognised_by: Headings that a file of it has, by which it is found in a folder; case and spaces do not matter. Of
            boundaries, the collection of districts.
        named: A pattern with which the names of its files begin; a file that is called so without those headings is an
            error, and not passed over.
        columns: Our column to the register's heading. A heading between slashes is a pattern, for registers whose
            column names carry the year; a whole number is a place, counted from 1, for files without headings. Of
            boundaries, properties of a shape.
        without_headings: For files that have none: a pattern of the file's name and the number of columns, `etr.* 27`.
        previous_names: Where former names stand.
        prefix: org-id prefix of its numbers, e.g. `GB-COH`.
        prefixes: Instead, for a register of several: what its column `nation` says to the prefix.
        width: Numbers of figures alone are filled up with noughts to this width; spreadsheets lose them.
        kind: What its bodies are, where no column says.
        recoded: Old code of a district to the new one, where a few fields changed hands.
        notice: What has to be said beside what is drawn from it; `{year}` is that of its edition.
        dates: How its days are written.
        encoding: Of its text.
        newest: Where its newest edition is had; none where nothing shows it.
        tried: Whether its layout was tried on whole real data, on a real sample, or on invented rows only.
        tried_on: The same in words, said on the page of methods.
    """

    slug: str
    name: str
    publisher: str
    origin: str
    licence: str
    gives: Literal["postcodes", "organisations", "boundaries"]
    delimiter: Literal["comma", "tab"] = "comma"
    recognised_by: tuple[str, ...] = ()
    named: str = ""
    without_headings: str = ""
    columns: dict[str, str]
    previous_names: PreviousNames | None = None
    prefix: str = ""
    prefixes: dict[str, str] = Field(default_factory=dict)
    width: int = 0
    kind: str = ""
    recoded: dict[str, str] = Field(default_factory=dict)
    notice: str = ""
    dates: Literal["dd/mm/yyyy", "yyyy-mm-dd", "yyyymmdd"] = "yyyy-mm-dd"
    encoding: Literal["utf-8-sig", "cp1252"] = "utf-8-sig"
    newest: Newest | None = None
    tried: Literal["real data", "real sample", "invented rows"]
    tried_on: str

    @model_validator(mode="after")
    def _maps_known_columns(self) -> Register:
        if unknown := sorted(set(self.columns) - set(GIVES[self.gives])):
            raise ValueError(f"`columns` names {', '.join(unknown)}; known: {', '.join(GIVES[self.gives])}")
        if bool(self.recognised_by) == bool(self.without_headings):
            raise ValueError("one of `recognised_by` and `without_headings` says how a file of it is known")
        if self.gives == "boundaries" and not (
            set(self.columns) == {"lad_code", "end"} and len(self.recognised_by) == 1
        ):
            raise ValueError("boundaries name one collection in `recognised_by`, and `lad_code` and `end` in `columns`")
        if self.gives == "organisations" and bool(self.prefix) == bool(self.prefixes):
            raise ValueError(
                "one of `prefix` and `prefixes` says the org-id prefix of the register's numbers, e.g. GB-COH"
            )
        return self


def load_registers(folder: Path) -> tuple[Register, ...]:
    """Every register of `datapackages/registers/`, by slug."""
    return load_folder(Register, folder, "slug")
