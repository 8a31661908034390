"""What lies in a package for people: a README that says how to open it unharmed, and a dictionary of every column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.package.spreadsheets import SHEET_ROWS, Change

MASKS = '"[name redacted]", "[masked]"'
_TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "date": "date"}


def readme(descriptor: Mapping[str, Any], changes: Sequence[Change], years: Sequence[str] = ()) -> str:
    """
    The package's README.

    Args:
        descriptor: Of the package.
        changes: What a spreadsheet's default opening would change in it.
        years: Financial years that have packages of their own, where this one is large.
    """
    parts = [
        [f"# {descriptor['title']}", "", descriptor["description"]],
        _first(descriptor),
        _files(descriptor, years),
        _opening(descriptor),
        _blanks(descriptor),
        _changes(descriptor, changes),
        _FORMULAS,
        _checking(descriptor),
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _tables(descriptor: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Table to the resource that describes it: its CSV file, or Parquet where that is its only form."""
    found: dict[str, Mapping[str, Any]] = {}
    for resource in descriptor["resources"]:
        found.setdefault(resource["path"].rpartition(".")[0], resource)
    return found


def _first(descriptor: Mapping[str, Any]) -> list[str]:
    created = descriptor.get("created", "")
    return [
        f"Version {descriptor['version']}"
        + (
            f", from files retrieved up to {created[:10]}."
            if created
            else ". When the files were retrieved is not known."
        ),
        "Contains public sector information licensed under the Open Government Licence v3.0.",
        "",
        f"To cite it: The Local Pound, data package {descriptor['name']} {descriptor['version']}"
        + (f", files retrieved up to {created[:10]}" if created else "")
        + ". To cite one payment, give its payment_id; it does not change when the payment is published again.",
    ]


def _files(descriptor: Mapping[str, Any], years: Sequence[str]) -> list[str]:
    lines = ["## What is in it", "", "| file | rows | one row is | size |", "| --- | --- | --- | --- |"]
    for name, resource in _tables(descriptor).items():
        is_csv = resource["format"] == "csv"
        files = f"`{name}.csv`, `{name}.parquet`" if is_csv else f"`{name}.parquet`, as CSV by year"
        size = f"{resource['bytes']:,} bytes as CSV" if is_csv else f"{resource['size']:,} bytes"
        lines.append(f"| {files} | {resource['rows']:,} | {resource['description'].split(';')[0]} | {size} |")
    lines += [
        "",
        (
            "The same rows twice: CSV for people and spreadsheets, Parquet for programs. Every column is explained in "
            "`DICTIONARY.md`, and for programs in `datapackage.json`; `manifest.json` has the hash of every file."
        ),
    ]
    if years:
        lines += [
            "",
            f"This package is large. There is one for each financial year as well: {', '.join(years)}.",
        ]
    return lines


def _opening(descriptor: Mapping[str, Any]) -> list[str]:
    rows = max((r["rows"] for r in descriptor["resources"]), default=0)
    main = next(iter(_tables(descriptor)))
    lines = [
        "## How to open it",
        "",
        (
            "- **Excel**: Data > From Text/CSV, File Origin 65001 (UTF-8), Data Type Detection: Do not detect data types. "
            "A double click changes cells; see below."
        ),
        "- **LibreOffice**: open, character set UTF-8, separator comma; mark all columns and choose Text.",
        (
            f"- **DuckDB**: `SELECT sum(amount) FROM '{main}.parquet'`. Types, decimals and missing values are right as they are. "
            f"From CSV: `read_csv('{main}.csv', all_varchar=true, nullstr=['', '[name redacted]', '[masked]'])`, and cast."
        ),
        (
            f"- **pandas**: `pd.read_parquet('{main}.parquet')`. From CSV: `pd.read_csv('{main}.csv', dtype=str, "
            f"keep_default_na=False, na_values=['', {MASKS}])`; without it, a payee called NA is lost."
        ),
    ]
    if rows >= SHEET_ROWS:
        lines.append(f"- A sheet holds {SHEET_ROWS:,} rows. Larger files here do not fit in one; take them by year.")
    return [
        *lines,
        "",
        (
            "Money is in pounds with two decimals and exact; in columns named `pence_…` in whole pence. Years run from April "
            "to March. Purchasing cards (`dataset_kind` is `cards`) are not added to payments: a card file often repeats what "
            "the payments file has as one line to the bank."
        ),
    ]


def _blanks(descriptor: Mapping[str, Any]) -> list[str]:
    schemas = {name: resource["schema"] for name, resource in _tables(descriptor).items()}
    lines = ["## What a cell without a value means", "", "| table | the cell holds | it means |", "| --- | --- | --- |"]
    for name, schema in schemas.items():
        lines += [f"| {name} | {_cell(missing['value'])} | {missing['label']} |" for missing in schema["missingValues"]]
        lines += [
            f"| {name}, column `{field['name']}` | {_cell(missing['value'])} | {missing['label']} |"
            for field in schema["fields"]
            for missing in field.get("missingValues", ())
            if missing not in schema["missingValues"]
        ]
    if "payments" not in schemas:
        return lines
    return [
        *lines,
        "",
        (
            "A name that was redacted, one that we withheld since it looks like private data, and one that was never published "
            "are three things. In CSV the cell itself says which; in Parquet it is null, and `payee_missing` says which. The "
            "body’s own wording (REDACTED, *****) stands in `redaction`. `[masked]` within a longer text is the part that we "
            "withheld."
        ),
    ]


def _cell(value: str) -> str:
    return f"`{value}`" if value else "nothing"


def _changes(descriptor: Mapping[str, Any], changes: Sequence[Change]) -> list[str]:
    paths = {r["name"]: r["path"] for r in descriptor["resources"] if r["format"] == "csv"}
    changes = [change for change in changes if change.table in paths]
    lines = [
        "## What a spreadsheet changes when it opens a CSV file by double click",
        "",
        "A spreadsheet takes a cell for what it looks like, not for what it is. In these files:",
        "",
        "| file | column | cells | each of them | for example |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{paths[change.table]}` | `{change.column}` | {change.cells:,} | {change.what} | `{_code(change.example)}` |"
        for change in changes
    ]
    return lines if changes else [*lines[:2], "Nothing in these files."]


def _code(text: str) -> str:
    """A text that can stand between backquotes in a cell of a table."""
    return text.replace("`", "'").replace("|", "\\|")


_FORMULAS = [
    "## Texts that begin like a formula",
    "",
    ("A published text that begins with `=`, `+`, `-`, `@`, a tab or a line break would be run by a spreadsheet. In the CSV "
    "files such a text has one apostrophe put before it, and so has a text that begins with an apostrophe. To have the text "
    "as published, take one apostrophe off wherever a text begins with one. Numbers, and the Parquet files, are untouched."),
]  # fmt: skip


def _checking(descriptor: Mapping[str, Any]) -> list[str]:
    return [
        "## How to check it",
        "",
        "- `frictionless validate datapackage.json` checks every row against its description.",
        (
            f"- `local-pound verify {descriptor['name']}`, or `local-pound verify` with this folder or the ZIP file, compares every "
            "hash and computes the payments again from the archived files, where they are there; it names what differs."
        ),
        "- `local-pound trace PAYMENT_ID` shows the published line itself.",
    ]


def dictionary(descriptor: Mapping[str, Any]) -> str:
    """Every table and column of a package in words."""
    lines = [f"# Dictionary of {descriptor['name']}"]
    for resource in _tables(descriptor).values():
        schema = resource["schema"]
        lines += [
            "", f"## {resource['title']}: `{resource['path']}`", "", resource["description"], "",
            f"Key: {', '.join(f'`{name}`' for name in schema['primaryKey'])}.",
            *(_leaning(key) for key in schema.get("foreignKeys", ())),
            "", "| column | what it says | kind | always there | example |", "| --- | --- | --- | --- | --- |",
            *map(_row, schema["fields"]),
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _leaning(key: Mapping[str, Any]) -> str:
    return f"`{', '.join(key['fields'])}` is found in `{key['reference']['resource']}`."


def _row(field: Mapping[str, Any]) -> str:
    constraints = field.get("constraints", {})
    said = [f"**{field['title']}.** {field['description']}"]
    if values := constraints.get("enum"):
        said.append("One of: " + ", ".join(f"`{value}`" for value in values) + ".")
    if pattern := constraints.get("pattern"):
        said.append(f"Form: `{_code(pattern)}`.")
    if "minimum" in constraints:
        said.append(f"At least {constraints['minimum']}.")
    if name := field.get("lgaName"):
        said.append(f"Called `{name}` in the spending schema of the Local Government Association.")
    kind = _TYPES[field["type"]] + (f", {field['unit']}" if field.get("unit") else "")
    example = f"`{_code(str(field['example']))}`" if field.get("example") else ""
    return f"| `{field['name']}` | {' '.join(said)} | {kind} | {'yes' if constraints.get('required') else 'no'} | {example} |"
