"""Descriptors of data packages: Data Package v2, from the same schemas that check the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
KEYWORDS = ["public spending", "payments", "procurement", "transparency", "United Kingdom"]
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


def describe_sources(files: Iterable[Mapping[Any, Any]]) -> list[dict[str, str]]:
    """
    Where a package comes from: each published file.

    Args:
        files: Rows of `files`.

    Returns:
        Title, hash of the bytes, and where they are known address and day of retrieval.
    """
    return [
        {"title": f"{row['publisher']}: {row['name']}"}
        | ({"path": row["source_url"]} if row["source_url"] else {})
        | {"hash": f"sha256:{row['sha256']}"}
        | ({"retrieved": row["retrieved"]} if row["retrieved"] else {})
        for row in files
    ]


def missing_values(said: Iterable[Any]) -> list[dict[str, str]]:
    """Missing values with labels, the form of Data Package v2."""
    return [{"value": missing.value, "label": missing.label} for missing in said]


def describe_field(field: Any, marks: Sequence[Any] = ()) -> dict[str, Any]:
    """
    A column of ours as a Table Schema field.

    Args:
        marks: Missing values of the whole table; a column that words its empty cells itself keeps the other marks.
    """
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
    if field.missing:
        own = {missing.value for missing in field.missing}
        described["missingValues"] = missing_values((*field.missing, *(m for m in marks if m.value not in own)))
    return described | ({"constraints": constraints} if constraints else {})


def describe_schema(schema: Any, tables: Sequence[str]) -> dict[str, Any]:
    """
    A table of ours as a Table Schema.

    Args:
        tables: Tables of the package; a foreign key to another is left out.
    """
    described: dict[str, Any] = {
        "$schema": SCHEMA_PROFILE,
        "fields": [describe_field(field, schema.missing) for field in schema.fields],
        "missingValues": missing_values(schema.missing),
        "primaryKey": list(schema.primary_key),
    }
    if foreign := [key for key in schema.foreign_keys if key.table in tables]:
        described["foreignKeys"] = [
            {"fields": list(key.fields), "reference": {"resource": f"{key.table}", "fields": list(key.references)}}
            for key in foreign
        ]
    return described


def describe_resource(file: Written, schema: Any, tables: Sequence[str]) -> dict[str, Any]:
    """
    A file of a package as a Data Resource.

    The size of a Parquet file stands in `size`, not in `bytes`: frictionless counts none there and calls that an error.
    """
    described = describe_schema(schema, tables)
    is_csv = file.format == "csv"
    if not is_csv:
        described.pop("foreignKeys", None)
    return {
        "$schema": RESOURCE_PROFILE,
        "name": file.table if is_csv else f"{file.table}-{file.format}",
        "path": file.path,
        "type": "table",
        "title": schema.title,
        "description": schema.description,
        "format": file.format,
        "mediatype": "text/csv" if is_csv else "application/vnd.apache.parquet",
        **({"encoding": "utf-8"} if is_csv else {}),
        **({"bytes": file.bytes} if is_csv else {"size": file.bytes}),
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": described,
    }


def describe_package(
    name: str, title: str, description: str, written: Sequence[Written], schemas: Mapping[str, Any],
    sources: Sequence[Mapping[str, str]], created: str, version: str, creators: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:  # fmt: skip
    """
    The descriptor of a package.

    Args:
        name: Unique among packages, as it stands in a citation: `northbeck`, `northbeck-2023-24`.
        sources: Published files, as `describe_sources` gives them.
        created: Newest retrieval date of the inputs, ISO; `""` where none is known, and then left out: a file's own
            date proves nothing.
        creators: Public bodies that published the data: title and, where known, path.
    """
    tables = [file.table for file in written if file.format == "csv"]
    contributors = [
        *({**body, "roles": ["creator"]} for body in creators),
        {"title": "The Local Pound", "roles": ["wrangler", "publisher"]},
    ]
    return {
        "$schema": PROFILE,
        "name": name,
        "title": title,
        "description": description,
        "version": version,
        **({"created": f"{created}T00:00:00Z"} if created else {}),
        "keywords": KEYWORDS,
        "licenses": LICENCES,
        "contributors": contributors,
        "sources": [dict(source) for source in sources],
        "resources": [describe_resource(file, schemas[file.table], tables) for file in written],
    }
