"""
Months of published files, counted a second time by plain means: csv, openpyxl, Decimal; nothing of the reader's.

How a body's files overlap was found by looking at them, and is written down here for each. To print the table anew:

    .venv/bin/python tests/ledger/published.py > tests/ledger/published_months.csv
"""

import csv
import hashlib
import io
import re
import sys
import tarfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
THERE = (CORPUS / "more.tar.xz").exists()
MISSING = "needs the published files beside the project: ../shared/corpus"
COLUMNS = ("publisher", "month", "rows", "pounds", "amounts", "dates", "threshold", "files")


@dataclass(frozen=True)
class Series:
    """
    Some files of one body.

    Attributes:
        files: Pattern of their names.
        heads: Words that the headings of payee, amount, date and reference hold, in small letters; `""` for none.
        amounts, dates, threshold: The basis, as far as the files say.
        unreferenced: Files whose lines have no reference of their own: one of theirs is one of another file's with the
            same date, amount and payee, where there is one.
        months: The months to look at; all where empty.
    """

    files: str
    heads: tuple[str, str, str, str]
    amounts: str
    dates: str
    threshold: str = "not said"
    unreferenced: str = "$^"
    months: tuple[str, ...] = ()


SERIES = {
    # Some files end with the first days of the next month, or give late lines of an earlier one; no line twice.
    "manchester": Series(r".*", ("supplier name", "amount", "payment date", "transaction number"), "net", "payment"),
    # "Transaction numbers" count the lines of each file; an agency's bill of December stands in January's file again.
    "leeds": Series(r".*", ("supplier name", "net amount", "date paid", ""), "net", "payment", unreferenced=r".*"),
    # One publication with both kinds of line ends.
    "cabinet-office": Series(r".*0[67]2015_Ju.*", ("supplier", "amount", "date", "transaction number"), "not said", "not said"),
    # One publication under two names.
    "defra": Series(r".*(February|November).*201[34]\.csv", ("supplier", "amount", "date", ""), "not said", "not said"),
    # August's link leads to a file with lines of January.
    "department-for-international-development": Series(
        r"(January-2011|August-2010)\.csv", ("supplier name", "amount", "transaction date", "transaction number"),
        "not said", "transaction",
    ),
    # The last lines of February's card statement stand in March's file again.
    "hyndburn": Series(
        r".*_190[23]\.csv", ("name", "net amount", "payment date", "ref no"), "net", "payment",
        unreferenced=r".*_1903\.csv", months=("2019-02",),
    ),
    # A list of late payments repeats lines of two quarters.
    "west-yorkshire-combined-authority": Series(
        r"(transparency-expenditure|q2_jul).*", ("creditor account", "amount (exclusive)", "invoice date", "reference"), "net",
        "invoice", "200", unreferenced=r"q2.*", months=("2023-07", "2023-08", "2023-09"),
    ),
}  # fmt: skip


@cache
def bytes_of(publisher):
    """The files of a body by name: loose ones, and those that are packed."""
    found = {path.name: path.read_bytes() for path in sorted((CORPUS / "spend" / publisher).glob("*"))}
    return dict(sorted((found | _packed()[publisher]).items()))


@cache
def _packed():
    found = defaultdict(dict)
    with tarfile.open(CORPUS / "more.tar.xz") as packed:
        for member in packed:
            *_, publisher, name = ["", *member.name.split("/")]
            if member.isfile() and publisher in SERIES:
                found[publisher][name] = packed.extractfile(member).read()
    return found


def chosen(publisher):
    """Files of a series by name, each content once."""
    seen, files = set(), {}
    for name, data in bytes_of(publisher).items():
        digest = hashlib.sha256(data).digest()
        if re.fullmatch(SERIES[publisher].files, name) and digest not in seen:
            seen.add(digest)
            files[name] = data
    return files


def cells(name, data):
    """Records of a file as lists."""
    if name.endswith(".xlsx"):
        import openpyxl

        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return list(csv.reader(io.StringIO(text, newline="")))


def pence(cell):
    """Whole pence, half a penny away from nought; None for no number."""
    text = re.sub(r"[£,\s\ufffd]", "", str(cell))
    if re.fullmatch(r"\(.*\)", text):
        text = "-" + text[1:-1]
    if not re.fullmatch(r"-?\d*\.?\d+", text):
        return None
    amount = Decimal(text) * 100
    return int(abs(amount) + Decimal("0.5")) * (-1 if amount < 0 else 1)


def day(cell):
    """A date of day, month, year; None for none."""
    if hasattr(cell, "year"):
        return f"{cell.year:04d}-{cell.month:02d}-{cell.day:02d}"
    names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    found = re.match(r"\s*(\d{1,2})[./-](\d{1,2}|[A-Za-z]{3})[./-](\d{4}|\d{2})\s*$", str(cell))
    if not found:
        return None
    month = int(found[2]) if found[2].isdigit() else names.index(found[2].lower()) + 1
    return date(int(found[3]) % 100 + 2000, month, int(found[1])).isoformat()


def lines(series, name, data):
    """Payments of a file: month, (date, pence, payee), reference."""
    records = cells(name, data)
    words = [word for word in series.heads if word]
    for top, record in enumerate(records):  # noqa: B007 -- used where the loop broke off
        heads = [str(cell or "").strip().lower() for cell in record]
        if all(any(word in head for head in heads) for word in words[:3]):
            break
    else:  # a sheet whose title names no headings: its columns are those of the first record with a date
        heads, top = _headless(records)
    payee, amount, when, reference = (
        next((i for i, head in enumerate(heads) if word and word in head), None) for word in series.heads
    )
    for record in records[top + 1 :]:
        row = [*record, *[None] * (len(heads) - len(record))]
        money, dated = pence(row[amount] if row[amount] is not None else ""), day(row[when])
        if money is None or dated is None:
            continue
        who = re.sub(r"[\W_]+", "", str(row[payee] or "").lower())
        said = "" if reference is None or re.fullmatch(series.unreferenced, name) else str(row[reference] or "").strip()
        yield dated[:7], (dated, money, who), said


def _headless(records):
    top = next(
        i for i, record in enumerate(records) if len(record) > 6 and day(record[1]) and pence(record[6]) is not None
    )
    return ["reference", "invoice date", "creditor account", "", "", "", "amount (exclusive)"], top - 1


def months(publisher):
    """Month to rows, pence and number of files, each payment once: as often as the file that says it most often."""
    series = SERIES[publisher]
    counts, files = defaultdict(Counter), defaultdict(set)
    for name, data in chosen(publisher).items():
        mine = defaultdict(Counter)
        for month, key, reference in lines(series, name, data):
            if not series.months or month in series.months:
                mine[month][key, reference] += 1
                files[month].add(name)
        for month, said in mine.items():
            counts[month] |= said
    found = {}
    for month, said in sorted(counts.items()):
        by_key = defaultdict(dict)
        for (key, reference), times in said.items():
            by_key[key][reference] = times
        total = {key: max(refs.pop("", 0), sum(refs.values())) for key, refs in by_key.items()}
        found[month] = (sum(total.values()), sum(key[1] * n for key, n in total.items()), len(files[month]))
    return found


def table(publisher):
    """Rows of the committed table."""
    series = SERIES[publisher]
    for month, (rows, total, files) in months(publisher).items():
        amounts = "not said" if (publisher, month) == ("manchester", "2010-12") else series.amounts
        threshold = "500" if (publisher, month) == ("manchester", "2013-04") else series.threshold
        pounds = f"{'-' * (total < 0)}{abs(total) // 100}.{abs(total) % 100:02d}"
        yield dict(
            zip(
                COLUMNS,
                (publisher, month, str(rows), pounds, amounts, series.dates, threshold, str(files)),
                strict=True,
            )
        )


if __name__ == "__main__":
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for body in SERIES:
        writer.writerows(table(body))
