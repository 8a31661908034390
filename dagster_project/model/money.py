"""Money is whole pence, an `int`; published tables hold exact decimal pounds. Never a float."""

from decimal import ROUND_HALF_UP, Decimal

Pence = int

#: DECIMAL(18,2) pounds hold this many pence; an amount beyond it is unreadable, not clipped.
MOST_PENCE = 10**18 - 1


def round_to_pence(pounds: Decimal) -> tuple[Pence, bool]:
    """
    Round pounds to whole pence, half away from zero.

    Returns:
        The pence, and whether anything was rounded away.
    """
    exact = pounds.scaleb(2)
    pence = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return pence, exact != pence


def pounds_text(pence: Pence) -> str:
    """Write pence as exact decimal pounds, `-120450` as `"-1204.50"`: the form of published CSV files."""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"
