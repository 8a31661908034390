"""The manifest: who published what, where, when."""

from __future__ import annotations

from typing import Any

#: Columns of a manifest row. `retrieved` and `source_url` are empty where not known: a file's own date proves nothing.
MANIFEST_COLUMNS = ("publisher", "name", "sha256", "bytes", "retrieved", "source_url")


def manifest_row(
    publisher: str, name: str, sha256: str, size: int, retrieved: str = "", url: str = ""
) -> dict[str, Any]:
    """One file in the manifest; `name` is its name and folder below the publisher's own."""
    return dict(zip(MANIFEST_COLUMNS, (publisher, name, sha256, size, retrieved, url), strict=True))
