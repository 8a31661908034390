"""Descriptors of data packages: Data Package v2, from the same schemas that check the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
LICENCES = [
    {
        "name": "OGL-UK-3.0",
        "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "title": "Open Government Licence v3.0",
    }
]
#: Our schema's constraints that Table Schema knows under the same name.
_CONSTRAINTS = ("pattern", "enum", "minimum")


@dataclass(frozen=True)
class Written:
    """
    A file of a package as it was written.

    Attributes:
        table: Name of the table; two files, CSV and Parquet, carry the same rows.
        path: Name within the package.
        sha256: Hash of its bytes.
    """

    table: str
    path: str
    format: str
    bytes: int
    sha256: str
    rows: int


def describe_field(field: Any) -> dict[str, Any]:
    """A column of ours as a Table Schema field."""
    constraints: dict[str, Any] = {"required": True} if field.required else {}
    for name in _CONSTRAINTS:
        if value := getattr(field, name):
            constraints[name] = list(value) if name == "enum" else int(value) if name == "minimum" else value
    described = {"name": field.name, "type": field.type, "title": field.title, "description": field.description}
    if field.example:
        described["example"] = field.example
    if field.unit:
        described["unit"] = field.unit
    if field.lga:
        described["lgaName"] = field.lga
    return described | ({"constraints": constraints} if constraints else {})


def describe_schema(schema: Any, tables: Sequence[str]) -> dict[str, Any]:
    """
    A table of ours as a Table Schema.

    Args:
        tables: Tables of the package; a foreign key to another is left out.
    """
    described: dict[str, Any] = {
        "$schema": SCHEMA_PROFILE,
        "fields": [describe_field(field) for field in schema.fields],
        "missingValues": [""],
        "primaryKey": list(schema.primary_key),
    }
    if foreign := [key for key in schema.foreign_keys if key.table in tables]:
        described["foreignKeys"] = [
            {"fields": list(key.fields), "reference": {"resource": f"{key.table}", "fields": list(key.references)}}
            for key in foreign
        ]
    return described


def describe_package(
    name: str, title: str, description: str, written: Sequence[Written], schemas: dict[str, Any],
    sources: Sequence[dict[str, str]], created: str, version: str,
) -> dict[str, Any]:  # fmt: skip
    """
    The descriptor of a package.

    Args:
        created: Newest retrieval date of the inputs, ISO; `""` where none is known, and then left out: a file's own
            date proves nothing.
    """
    tables = [file.table for file in written if file.format == "csv"]
    resources = []  # `bytes` of a Parquet file is left to `size`: frictionless counts none there and calls that an error
    for file in written:
        schema = describe_schema(schemas[file.table], tables)
        if file.format != "csv":
            schema.pop("foreignKeys", None)
        resources.append(
            {
                "$schema": RESOURCE_PROFILE,
                "name": file.table if file.format == "csv" else f"{file.table}-{file.format}",
                "path": file.path,
                "type": "table",
                "title": schemas[file.table].title,
                "description": schemas[file.table].description,
                "format": file.format,
                "mediatype": "text/csv" if file.format == "csv" else "application/vnd.apache.parquet",
                **({"encoding": "utf-8"} if file.format == "csv" else {}),
                **({"bytes": file.bytes} if file.format == "csv" else {"size": file.bytes}),
                "hash": f"sha256:{file.sha256}",
                "rows": file.rows,
                "schema": schema,
            }
        )
    return {
        "$schema": PROFILE,
        "name": name,
        "title": title,
        "description": description,
        "version": version,
        **({"created": f"{created}T00:00:00Z"} if created else {}),
        "licenses": LICENCES,
        "contributors": [{"title": "The Local Pound", "roles": ["wrangler", "publisher"]}],
        "sources": list(sources),
        "resources": resources,
    }


def readme(descriptor: dict[str, Any]) -> str:
    """The package's README: what it is, what its files hold, every column, the licence."""
    lines = [
        f"# {descriptor['title']}", "", descriptor["description"], "",
        "Contains public sector information licensed under the Open Government Licence v3.0.", "",
        "Money is exact, in pounds with two decimals. An empty cell means: not published, or not known. In the CSV files, a",
        "text that a spreadsheet could run as a formula (it begins with `=`, `+`, `-`, `@`, a tab, or an apostrophe) has one",
        "apostrophe put before it; take one leading apostrophe off to have the text as published. Numbers, and the Parquet",
        "files, are untouched.", "", "| file | rows | bytes | SHA-256 |", "| --- | --- | --- | --- |",
    ]  # fmt: skip
    for resource in descriptor["resources"]:
        digest = resource["hash"].removeprefix("sha256:")
        lines.append(
            f"| `{resource['path']}` | {resource['rows']:,} | {resource.get('bytes', resource.get('size')):,} | `{digest}` |"
        )
    for resource in descriptor["resources"]:
        if resource["format"] == "csv":
            lines += [
                "",
                f"## {resource['title']}",
                "",
                resource["description"],
                "",
                "| column | type | what it says |",
            ]
            lines.append("| --- | --- | --- |")
            lines += [f"| `{f['name']}` | {f['type']} | {f['description']} |" for f in resource["schema"]["fields"]]
    return "\n".join(lines) + "\n"
