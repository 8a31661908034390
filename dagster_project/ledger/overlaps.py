"""
Which lines of two sources say the same payment.

A line is matched by date, pence and payee. References decide where they can: equal, or missing in one of the two, the
lines may be one payment; different, they are two. References that number the file's own lines say nothing, nor do those
of a file that numbers another thing.
"""

from __future__ import annotations

import re

import pandas as pd

#: Ends a part of a key; stands in no published text.
END = "\x1f"
#: A column of references numbers the file's own lines when so many of them do, counted from no more than so many above.
NUMBERED, TITLE_LINES = 0.9, 30
#: A reference without such a number that stands in so many lines names a statement, not a payment: `P-CARD MAR 19`.
NUMBER, STATEMENT_LINES = re.compile(r"\d{3}"), 5
#: References of two sources number different things when so many different lines agree, and none in its reference.
OTHER_NUMBERS = 10


def loose_key(lines: pd.DataFrame) -> pd.Series:
    """Pence and payee of each line; case, spaces and signs of the payee do not matter."""
    payee = lines["payee"].str.casefold().str.replace(r"[\W_]+", "", regex=True)
    return lines["pence"].astype("str") + END + payee


def reference_key(lines: pd.DataFrame) -> pd.Series:
    """
    References of one source as far as they can be compared with those of others; `""` where they cannot.

    Case, spaces, signs, leading noughts and the `.0` of a spreadsheet do not matter.
    """
    if numbers_its_lines(lines):
        return lines["reference"].where(lines["reference"] == "", "")
    said = lines["reference"].str.casefold().str.replace(r"\.0+$", "", regex=True)
    said = said.str.replace(r"[\W_]+", "", regex=True).str.lstrip("0")
    many = said.map(said.value_counts()) >= STATEMENT_LINES
    return said.mask(many & ~said.str.contains(NUMBER), "")


def numbers_its_lines(lines: pd.DataFrame) -> bool:
    """Whether references just count the lines of their own file, as `1012-00001`, `1012-00002` do."""
    numbers = lines["reference"].str.extract(r"(?:^|\D)(\d{1,7})$", expand=False).dropna()
    if len(numbers) < OTHER_NUMBERS or len(numbers) < NUMBERED * len(lines):
        return False
    ahead = (lines.loc[numbers.index, "record"] - numbers.astype("int64")).value_counts()
    return bool(0 <= ahead.index[0] <= TITLE_LINES and ahead.iloc[0] >= NUMBERED * len(lines))


def _pair_up(a: pd.Series, b: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Equal keys of two sources, one to one: which of each have a partner."""
    left, right = (keys + END + keys.groupby(keys, sort=False).cumcount().astype("str") for keys in (a, b))
    return left.isin(set(right)), right.isin(set(left))


def said_too(lines: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """
    Which lines say a payment that another source says too; each line of the other answers for one.

    Args:
        lines, others: Columns `date`, `_loose` and `_reference`, of one month.

    Returns:
        Booleans by the index of `lines`. Dates are left out where one of the two hardly has any.
    """
    dated = min((lines["date"] != "").mean(), (others["date"] != "").mean()) >= 0.5
    a, b = (rows["_loose"] + END + rows["date"] if dated else rows["_loose"] for rows in (lines, others))
    mine, theirs = _pair_up(a + END + lines["_reference"], b + END + others["_reference"])
    if _number_other_things(lines.assign(_key=a), others.assign(_key=b), mine):
        return _join(mine, _pair_up(a[~mine], b[~theirs])[0])
    blank = lines["_reference"] == ""
    found, taken = _pair_up(a[~mine & blank], b[~theirs])
    mine, theirs = _join(mine, found), _join(theirs, taken)
    return _join(mine, _pair_up(a[~mine & ~blank], b[~theirs & (others["_reference"] == "")])[0])


def _join(before: pd.Series, found: pd.Series) -> pd.Series:
    return before | found.reindex(before.index, fill_value=False)


def _number_other_things(lines: pd.DataFrame, others: pd.DataFrame, agreed: pd.Series) -> bool:
    """Whether two sources agree in most lines and in the reference of none, so that these are of different kinds."""
    a, b = (rows.loc[rows["_reference"] != "", "_key"] for rows in (lines, others))
    if not len(a) or not len(b) or bool((agreed & (lines["_reference"] != "")).any()):
        return False
    shared = len(set(a) & set(b))
    return shared >= OTHER_NUMBERS and 2 * shared >= min(a.nunique(), b.nunique())
