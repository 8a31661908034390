"""Kept for ever under the hash of their bytes."""

from dagster_project.archive.bytes import archive_key
from dagster_project.archive.manifest import MANIFEST_COLUMNS, manifest_row

__all__ = ["MANIFEST_COLUMNS", "archive_key", "manifest_row"]
