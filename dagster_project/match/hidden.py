"""Printed numbers hidden from the matcher: what it says by the name alone, held against what the number says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields

import pandas as pd

from dagster_project.match.matching import Match
from dagster_project.match.scoring import ACCEPTED

AGREED, CONTRADICTED, SILENT = "agreed", "contradicted", "silent"
CHARITIES = ("GB-CHC-", "GB-SC-", "GB-NIC-")


@dataclass(frozen=True, slots=True)
class Hidden:
    """
    One payee whose publisher printed a number that a register holds.

    Attributes:
        payee, company_number, charity_number: As published.
        identifier: `company` or `charity`.
        printed_id: Org-id of the body that the number is of.
        is_named_alike: Whether that body has the payee's name; where not, the number may be the mistake.
        matched_id: Org-id of the body that the matcher accepted by the name alone, `""` for none.
        answer: `agreed`, `contradicted` (it accepted another body) or `silent` (it accepted none).
    """

    payee: str
    company_number: str
    charity_number: str
    identifier: str
    printed_id: str
    is_named_alike: bool
    matched_id: str
    answer: str


def hide(asked: tuple[str, str, str], by_number: Match, by_name: Match) -> Hidden:
    """Hold what a name alone gives against what the printed number gives; `by_number` has a body."""
    printed, guessed = by_number.body, by_name.body
    if printed is None:
        raise ValueError(f"{asked}: a match by number without a body")
    identifier = "charity" if printed.id.startswith(CHARITIES) else "company"
    is_alike = by_number.outcome == ACCEPTED
    if by_name.outcome != ACCEPTED or guessed is None:
        return Hidden(*asked, identifier, printed.id, is_alike, "", SILENT)
    one, other = {printed.id, *printed.same_as}, {guessed.id, *guessed.same_as, *by_name.twins}
    return Hidden(*asked, identifier, printed.id, is_alike, guessed.id, AGREED if one & other else CONTRADICTED)


def hidden_frame(hidden: Iterable[Hidden], paid: Mapping[tuple[str, str, str], int]) -> pd.DataFrame:
    """
    One row per payee whose number was hidden, columns as `Hidden` has them.

    Args:
        paid: Pence paid, by payee, company number and charity number; added as `amount_pence`.
    """
    names = [field.name for field in fields(Hidden)]
    frame = pd.DataFrame([astuple(one) for one in hidden], columns=names)
    frame = frame.astype({name: "bool" if name == "is_named_alike" else "str" for name in names})
    keys = zip(frame["payee"], frame["company_number"], frame["charity_number"], strict=True)
    return frame.assign(amount_pence=pd.Series([paid[key] for key in keys], dtype="int64"))


def scoreboard(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """
    One row per kind of identifier, of payees whose printed number is of a body that has the payee's name.

    Returns:
        `identifier`, `payees`, `amount_pence`, and each answer with its pence; `unlike`: payees left out because the
        number is of a body of another name, so that nobody can say which of the two is wrong.
    """
    every = pd.concat([*frames, hidden_frame((), {})], ignore_index=True)
    rows = []
    for identifier, group in every.groupby("identifier", sort=True):
        judged = group[group["is_named_alike"]]
        row = {"identifier": identifier, "payees": len(judged), "amount_pence": int(judged["amount_pence"].sum())}
        for answer in (AGREED, CONTRADICTED, SILENT):
            said = judged[judged["answer"] == answer]
            row |= {answer: len(said), f"{answer}_pence": int(said["amount_pence"].sum())}
        rows.append(row | {"unlike": len(group) - len(judged)})
    answers = [column for answer in (AGREED, CONTRADICTED, SILENT) for column in (answer, f"{answer}_pence")]
    return pd.DataFrame(rows, columns=["identifier", "payees", "amount_pence", *answers, "unlike"])
