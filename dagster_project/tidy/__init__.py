"""
Reads published files: bytes in, lines with classes, pence and days out, and every trouble named.

In: the bytes of a file and the vocabulary. Out: `model.lines.FileReading`. It opens no file, knows no publisher, and
needs the standard library and the spreadsheet reader alone, so that the same reader can run in a browser.
"""

from dagster_project.tidy.reading import read_file
from dagster_project.tidy.records import show_record
from dagster_project.tidy.report import report_json, report_text

__all__ = ["read_file", "report_json", "report_text", "show_record"]
