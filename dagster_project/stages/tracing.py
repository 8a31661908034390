"""From a payment's id back to the published line itself, in the archived bytes."""

from __future__ import annotations

from dagster_project.archive import archive_key
from dagster_project.flow import table_key
from dagster_project.model.ids import PAYMENT_ID
from dagster_project.model.money import pounds_text
from dagster_project.stages.engine import connect, view
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.plan import Plan, reading_words
from dagster_project.stages.reading import LINES
from dagster_project.tidy import show_record


class NotFound(LookupError):
    """No such payment; the message says what was looked for and where."""


def traced(plan: Plan, payment_id: str) -> str:
    """
    What is known of a payment, and its line as published.

    Raises:
        NotFound: not an id, nothing built yet, or no payment of that id in this build.
    """
    wanted = payment_id.removeprefix("p-").lower()
    if not PAYMENT_ID.match(wanted):
        raise NotFound(f"'{payment_id}' is not a payment id; expected 16 hex digits, such as 5d0c9e71a2b4f003.")
    try:
        payees, lines = plan.recall(PAYEES), plan.recall(LINES)
    except FileNotFoundError as error:
        raise NotFound(str(error)) from error
    with connect() as engine:
        view(engine, plan.store, "payments", [table_key(PAYEES, p, key, "payments") for p, key in payees.keys.items()])
        found = engine.execute(
            'SELECT publisher, dataset_kind, date, month, payee, amount_pence, file_id, "table", record, is_redacted '
            "FROM payments WHERE payment_id = ?",
            [wanted],
        ).fetchone()
    if not found:
        raise NotFound(f"No payment {wanted} in {plan.out}. It may be in another release, or have been withdrawn.")
    publisher, kind, date, month, payee, pence, file_id, table, record, redacted = found
    file = lines.summaries[f"{publisher}/{file_id}"]["file"]
    headings, cells = show_record(
        file["name"], plan.store.read(archive_key(file["sha256"])), reading_words(), int(table), int(record)
    )
    width = max((len(heading) for heading in headings), default=0)
    said = [
        f"Payment   {wanted}",
        f"Body      {publisher} ({kind})",
        f"Date      {date or month or 'not known'}",
        f"Payee     {payee or 'none given'}{' (name withheld)' if redacted else ''}",
        f"Amount    £{pounds_text(pence)}",
        f"File      {file['name']}",
        f"SHA-256   {file['sha256']}",
        f"Address   {file['source_url'] or 'not known'}",
        f"Line      record {record} of table {table}",
        "",
        "As published:",
        *(f"  {heading.strip() or f'column {n + 1}':<{width}}  {cell}" for n, (heading, cell) in
          enumerate(zip(headings, cells, strict=False)) if cell.strip()),
    ]  # fmt: skip
    return "\n".join(said)
