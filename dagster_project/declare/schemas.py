"""Table Schemas: the contract between rooms. From one file come Parquet types, CSV, checks, dictionary and package."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field as Key
from pydantic import model_validator

from dagster_project.declare.strict import Declared, load_folder


class Missing(Declared):
    """
    A cell of the CSV file that holds no value, and why.

    Attributes:
        value: What the cell holds, `""` for nothing; in Parquet the cell is null.
        label: Why, in a few words: `redacted`, `withheld`, `not published`.
    """

    value: str
    label: str


class Field(Declared):
    """
    One column.

    Attributes:
        unit: `pounds` (exact decimal, whole pence inside), `pence`, `share` (0 to 1), `bytes`, `days`.
        lga: The column's name in the Local Government Association's spending schema.
        missing: Why a cell of this column may hold no value, where that is not what the whole table says.
    """

    name: str
    type: Literal["string", "integer", "number", "boolean", "date"]
    title: str
    description: str
    unit: str = ""
    required: bool = False
    pattern: str = ""
    enum: tuple[str, ...] = ()
    minimum: str = ""
    example: str = ""
    lga: str = ""
    missing: tuple[Missing, ...] = ()

    @property
    def is_money(self) -> bool:
        """Whether the column holds exact pounds; inside, a twin named `<name>_pence` holds whole pence."""
        return self.unit == "pounds"

    @property
    def inside_name(self) -> str:
        """Name of the column in tables between rooms."""
        return f"{self.name}_pence" if self.is_money else self.name


class ForeignKey(Declared):
    """Columns here that must be found as columns of another table of the same package."""

    fields: tuple[str, ...]
    table: str
    references: tuple[str, ...]


class TableSchema(Declared):
    """One table: what a row is, its columns, its keys, why a cell may hold no value."""

    name: str
    title: str
    description: str
    grain: str
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = Key(default=())
    missing: tuple[Missing, ...] = (Missing(value="", label="not known, or does not apply"),)
    fields: tuple[Field, ...]

    @model_validator(mode="after")
    def _keys_are_columns(self) -> TableSchema:
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise ValueError("a column is declared twice")
        for key in (*self.primary_key, *(name for foreign in self.foreign_keys for name in foreign.fields)):
            if key not in names:
                raise ValueError(f"key column '{key}' is not among the fields")
        for said in (self.missing, *(field.missing for field in self.fields)):
            if len({m.value for m in said}) != len(said) or len({m.label for m in said}) != len(said):
                raise ValueError("a missing value or its label is given twice")
        return self

    def field(self, name: str) -> Field:
        """The column of that name; `KeyError` where there is none."""
        return next(field for field in self.fields if field.name == name)


def load_schemas(folder: Path) -> dict[str, TableSchema]:
    """Every schema of `datapackages/schemas/`, by table name."""
    return {schema.name: schema for schema in load_folder(TableSchema, folder, "name")}
