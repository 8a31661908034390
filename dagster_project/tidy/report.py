"""What `local-pound check` prints about a file: for officers in sentences, for programs as JSON."""

from __future__ import annotations

from typing import Any

from dagster_project.model.lines import FileReading, TableReading
from dagster_project.model.problems import Problem
from dagster_project.model.words import Words

MOST_SHOWN = 5


def _scored(table: TableReading) -> dict[str, Any]:
    lines = [i for i, kind in enumerate(table.row_class) if kind in ("payment", "credit")]
    days = sorted(table.date[i] or table.month[i] for i in lines if table.month[i])
    return {
        "sheet": table.sheet,
        "member": table.member,
        "header_line": table.header_line,
        "columns": dict(table.columns),
        "rows": table.published.rows,
        "pence": table.published.pence,
        "redacted": sum(table.is_redacted[i] for i in lines),
        "negative": sum(table.row_class[i] == "credit" for i in lines),
        "undated": sum(not table.month[i] for i in lines),
        "date_min": days[0] if days else "",
        "date_max": days[-1] if days else "",
        "dataset_kind": table.dataset_kind,
        "amount_basis": table.amount_basis,
    }


def report_json(path: str, reading: FileReading) -> dict[str, Any]:
    """What `check --json` prints about one file: one object."""
    return {
        "file": path,
        "status": reading.status,
        "reason": reading.reason,
        "container": reading.container,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "suppressed": reading.suppressed,
        "tables": [_scored(table) for table in reading.tables],
        "problems": [
            {
                "code": p.code,
                "did": p.did,
                "table": p.table,
                "record": p.record,
                "field": p.field,
                "value": p.value,
                "count": p.count,
            }
            for p in reading.problems
        ],
    }


def report_text(reading: FileReading, words: Words) -> str:
    """
    What `check` prints about one file: what was read, what was left out, and what the publisher could mend.

    Plain text, at most 100 characters wide where words allow.
    """
    out = [reading.name, f"  {_verdict(reading)}"]
    if reading.reason:
        out.append(f"  {reading.reason}")
    if reading.status == "read" or reading.tables:
        for table in reading.tables:
            out.extend(_table_lines(reading, table))
    out.extend(_trouble_lines(reading, words))
    return "\n".join(out) + "\n"


def _verdict(reading: FileReading) -> str:
    if reading.status == "read":
        rows = sum(table.published.rows for table in reading.tables)
        pence = sum(table.published.pence for table in reading.tables)
        tables = f" in {len(reading.tables)} tables" if len(reading.tables) > 1 else ""
        rejected = sum(table.rejected.rows for table in reading.tables)
        unread = sum(problem.code == "sheet-not-read" for problem in reading.problems)
        but = [f"{rejected:,} more could not be read"] if rejected else []
        if unread:
            but.append(
                f"{unread} {'sheet or file' if unread == 1 else 'sheets or files'} with amounts could not be read"
            )
        caveat = f" But {' and '.join(but)}: see below." if but else ""
        return f"Read: {rows:,} payments{tables}, together {_pounds(pence)}.{caveat}"
    return {
        "not_spend": "Opened, but no payments in it.",
        "not_a_table": "Not read: no table.",
        "refused": "Refused: our fault, not yours.",
        "duplicate": "The same file was read before.",
    }[reading.status]


def _pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def _day(text: str) -> str:
    """An ISO date or month in words."""
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    parts = text.split("-")
    day = f"{int(parts[2])} " if len(parts) == 3 else ""
    return f"{day}{months[int(parts[1]) - 1]} {parts[0]}"


def _place(reading: FileReading, table: TableReading) -> str:
    where = [part for part in (table.member, f"sheet '{table.sheet}'" if table.sheet else "") if part]
    number = f"Table {table.number}" if len(reading.tables) > 1 else "The table"
    return number + (f" ({', '.join(where)})" if where else "")


def _column(table: TableReading, at: int) -> str:
    heading = table.headings[at] if at < len(table.headings) else ""
    letters, number = "", at + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    place = f"column {letters}" if table.sheet else f"column {at + 1}"
    return f"{place} '{' '.join(heading.split())}'" if heading else place


def _table_lines(reading: FileReading, table: TableReading) -> list[str]:
    scored = _scored(table)
    heads = f"headings on line {table.header_line}" if table.header_line else "no headings"
    kind = {"cards": "card payments", "grants": "grants"}.get(table.dataset_kind, "payments")
    basis = {"net": "net of VAT", "gross": "with VAT"}.get(
        table.amount_basis, "the file does not say whether VAT is in them"
    )
    out = ["", f"  {_place(reading, table)}: {kind}, {heads}"]
    for name, label in (("payee", "Who was paid"), ("amount", "How much"), ("date", "When")):
        text = _column(table, table.columns[name]) if name in table.columns else "the file does not say"
        out.append(f"    {label + ':':15}{text}" + (f" ({basis})" if name == "amount" else ""))
    others = [name for name in table.columns if name not in ("payee", "amount", "date")]
    if others:
        read = ", ".join(f"{name.replace('_', ' ')} ({_heading(table, name)})" for name in others)
        out.append(f"    {'Also read:':15}{read}")
    if scored["date_min"]:
        out.append(f"    {'From and to:':15}{_day(scored['date_min'])} to {_day(scored['date_max'])}")
    out.append(f"    {'Payments:':15}{scored['rows']:,}, together {_pounds(scored['pence'])}")
    for count, text in (
        (scored["negative"], "money coming back"),
        (scored["redacted"], "to somebody whose name is withheld"),
        (scored["undated"], "without a date"),
    ):
        if count:
            out.append(f"    {'':15}{count:,} of them {text}")
    out.append(f"    {'Every line:':15}{_keel(table)}")
    return out


def _heading(table: TableReading, name: str) -> str:
    at = table.columns[name]
    text = " ".join(table.headings[at].split()) if at < len(table.headings) else ""
    return text or f"column {at + 1}"


def _keel(table: TableReading) -> str:
    found, rejected, left = table.found, table.rejected, table.left_out
    text = f"{found.rows:,} lines: {table.published.rows:,} payments"
    if rejected.rows:
        text += f", {rejected.rows:,} that we could not read"
    text += f", {left.rows:,} that are none (headings, notes, totals)"
    return text + ("." if table.balances() else "; our two counts differ.")


def _trouble_lines(reading: FileReading, words: Words) -> list[str]:
    """Problems by severity, those of one code together, with what the publisher can do."""
    out: list[str] = []
    several = len({(t.member, t.sheet) for t in reading.tables}) > 1
    sheets = {t.number: f"{t.sheet or t.member}, " for t in reading.tables} if several else {}
    titles = {"error": "To mend", "warning": "To look at", "note": "Good to know"}
    for severity, title in titles.items():
        by_code: dict[str, list[Problem]] = {}
        for problem in reading.problems:
            known = words.problems.get(problem.code)
            if (known.severity if known else "warning") == severity:
                by_code.setdefault(problem.code, []).append(problem)
        if not by_code:
            continue
        out += ["", f"  {title}"]
        for code, problems in by_code.items():
            out.extend(_one_trouble(code, problems, words, reading.reason, sheets))
    return out


def _line(problem: Problem, sheets: dict[int, str]) -> str:
    """Where a problem is; with its sheet, where the file has several tables."""
    sheet = sheets.get(problem.table, "")
    return f"{sheet}line {problem.record}: " if problem.record else sheet and f"{sheet[:-2]}: "


def _one_trouble(code: str, problems: list[Problem], words: Words, reason: str, sheets: dict[int, str]) -> list[str]:
    known = words.problems.get(code)
    count = sum(problem.count for problem in problems)
    out = [f"    {known.title if known else code}{f' ({count:,} times)' if count > 1 else ''}."]
    said: list[str] = []
    for problem in problems:
        where = _line(problem, sheets)
        value = f" It says '{problem.value}'." if problem.value else ""
        line = f"      {where}{problem.did}{value}"
        if line not in said and problem.did != reason:
            said.append(line)
    out.extend(said[:MOST_SHOWN])
    if len(said) > MOST_SHOWN:
        out.append(f"      and {len(said) - MOST_SHOWN} more")
    if known:
        out.append(f"      You could: {known.could}" if known.whose == "publisher" else f"      {known.could}")
    return out
