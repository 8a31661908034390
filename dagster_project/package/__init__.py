"""Tables become data packages that anyone can validate, cite and recompute."""

from dagster_project.package.checking import check_package, check_rows
from dagster_project.package.describing import Written, describe_package, readme
from dagster_project.package.writing import arrow_table, csv_bytes, joined_csv, joined_parquet, parquet_bytes

__all__ = [
    "Written", "arrow_table", "check_package", "check_rows", "csv_bytes", "describe_package", "joined_csv",
    "joined_parquet", "parquet_bytes", "readme",
]  # fmt: skip
