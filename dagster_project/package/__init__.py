"""Tables become data packages that anyone can validate, cite and recompute."""

from dagster_project.package.checking import READ_ROWS, check_package, check_rows
from dagster_project.package.describing import Written, describe_package, describe_sources
from dagster_project.package.dictionary import dictionary, readme
from dagster_project.package.dividing import LARGEST_FILE, files_in, months_in, split_by_year, year_of
from dagster_project.package.headings import heading_rows, headings_frame
from dagster_project.package.manifest import (
    DESCRIPTOR,
    DICTIONARY,
    MANIFEST,
    README,
    checksums,
    differing,
    package_manifest,
    release_manifest,
)
from dagster_project.package.missing import payee_as_published, tell_missing
from dagster_project.package.spreadsheets import Change, added, changes
from dagster_project.package.writing import (
    CsvLines,
    ParquetJoiner,
    arrow_table,
    csv_bytes,
    joined_csv,
    joined_parquet,
    parquet_bytes,
)
from dagster_project.package.zipping import LARGEST_MEMBER, LARGEST_ZIPPED, PACKED, STORED, open_csv, packing, write_zip

__all__ = [
    "DESCRIPTOR",
    "DICTIONARY",
    "LARGEST_FILE",
    "LARGEST_MEMBER",
    "LARGEST_ZIPPED",
    "MANIFEST",
    "PACKED",
    "README",
    "READ_ROWS",
    "STORED",
    "Change",
    "CsvLines",
    "ParquetJoiner",
    "Written",
    "added",
    "arrow_table",
    "changes",
    "check_package",
    "check_rows",
    "checksums",
    "csv_bytes",
    "describe_package",
    "describe_sources",
    "dictionary",
    "differing",
    "files_in",
    "heading_rows",
    "headings_frame",
    "joined_csv",
    "joined_parquet",
    "months_in",
    "open_csv",
    "package_manifest",
    "packing",
    "parquet_bytes",
    "payee_as_published",
    "readme",
    "release_manifest",
    "split_by_year",
    "tell_missing",
    "write_zip",
    "year_of",
]  # fmt: skip
