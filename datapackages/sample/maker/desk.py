"""The desk of one body: its ledger by month, and the habits that several bodies share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from maker.bodies import Body
from maker.containers import Rows, delimited
from maker.dice import Dice
from maker.files import Layout, Published, amount, month_name, table
from maker.ledger import Payment, month_of_cards, pay
from maker.world import Entity

CARDS: Layout = [("Beneficiary", "payee"), ("Date", "date:dmy"), ("Merchant Category", "category"),
                 ("Transaction Number", "ref"), ("Amount (Net of VAT)", "amount:plain")]  # fmt: skip


class Desk:
    """One body's ledger, and the files that it has put on its website so far."""

    def __init__(self, body: Body, entities: list[Entity]) -> None:
        """Open the ledger; nothing is published yet."""
        self.body, self.ledger = body, pay(body, entities)
        self.missing: set[str] = set()
        self.cards: list[Payment] = []
        self.files: list[Published] = []

    def lines(self, months: Iterable[str]) -> list[Payment]:
        """The payments of the files of some months."""
        return [line for month in months for line in self.ledger.get(month, [])]

    def publish(self, name: str, data: bytes, note: str, payments: list[Payment], **more: object) -> None:
        """Put one file on the website."""
        self.files.append(Published(f"{self.body.slug}/{name}", data, note, payments, **more))  # type: ignore[arg-type]

    def publish_nothing(self, name: str, data: bytes, note: str, status: str = "not_a_table") -> None:
        """Put a file on the website that holds no payments."""
        self.publish(name, data, note, [], status=status)

    def miss(self, *months: str) -> None:
        """Say that some months were never published."""
        self.missing.update(months)

    def publish_cards(self, name: str, months: list[str], lines: int, note: str, before: Rows | None = None) -> None:
        """Put a file of purchasing-card lines on the website."""
        paid = [line for month in months for line in month_of_cards(self.body, month, lines)]
        self.cards += paid
        self.publish(name, delimited([*(before or []), *table(paid, CARDS)]), note, paid, kind="cards")


def earlier_version(payments: list[Payment], seed: str) -> list[Payment]:
    """
    What a file said before it was amended.

    Some amounts were wrong, one line is gone since, one was missing, and a name was shown that should not have been.
    """
    dice, older = Dice(f"first version of {seed}"), list(payments)
    for at in dice.some(range(len(older)), 4):
        older[at] = replace(older[at], pence=older[at].pence + 10_000)
    del older[dice.below(len(older))]
    older.append(
        replace(older[0], payee="Withdrawn Since (Invented) Ltd", reference="WITHDRAWN1", truth="none", supplier=None)
    )
    for at, line in enumerate(older):
        if line.is_withheld:
            older[at] = replace(line, payee="Mx Shown In Error", truth="individual")
            break
    return older


def title(name: str, months: list[str], columns: int) -> Rows:
    """Four records of title above the headings."""
    period = month_name(months[0]) if len(months) == 1 else f"{month_name(months[0])} to {month_name(months[-1])}"
    lines = [
        f"{name}",
        f"Payments to suppliers over £500, {period}",
        "Net of recoverable VAT. Published under the Transparency Code.",
        "",
    ]
    return [[line, *[""] * (columns - 1)] for line in lines]


def stated(pence: int) -> str:
    """An amount in a sentence."""
    return str(amount(pence, "pound"))
