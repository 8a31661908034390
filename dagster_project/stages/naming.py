"""Who was paid: the payees of each publisher, named by what registers say; several publishers ask them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd
import pyarrow as pa

from dagster_project.flow import Job, StageRun, Summary, Together, run_stage, table_key
from dagster_project.match import (
    INDEX_TABLES,
    ClassWords,
    Match,
    Paid,
    Payee,
    Registers,
    bodies_by_id,
    decided_match,
    decision_on_body,
    hidden_frame,
    hide,
    is_looked_up,
    known_as,
    match_names,
    match_numbers,
    name_payees,
    narrow_index,
    printed_ids,
    readings_of,
)
from dagster_project.match.names import postcode_key
from dagster_project.model.periods import financial_year
from dagster_project.stages.counting import PAYMENTS, REGISTERS
from dagster_project.stages.engine import connect, view
from dagster_project.stages.matching import VOCABULARY, decided_names, declared_class_words, match_words
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.store import Store, code_key, folder_key, key_of

PAYEES = "payees"
#: Of each publisher, the payees whose printed number was hidden from the matcher.
HIDDEN = "hidden_numbers"
#: Payments of publishers that ask the registers together: enough that looking through a whole register is a small part
#: of the work, few enough that what is found fits in memory.
TOGETHER = 250_000


def class_words(plan: Plan) -> ClassWords:
    """What classing payees needs to know."""
    return declared_class_words(plan.publishers.values())


def payee_jobs(plan: Plan) -> list[Job]:
    """One job a publisher, over its payments and the registers."""
    counted, registers = plan.recall(PAYMENTS), plan.recall(REGISTERS).keys["all"]
    bodies = sorted((name, sorted(slugs)) for name, slugs in class_words(plan).bodies.items())
    code = code_key("match", "stages/naming.py", "stages/matching.py")
    base = key_of([code, registers, folder_key(VOCABULARY), folder_key(DECLARED / "decisions"), bodies])
    bodies_key = f"tables/{PAYEES}/bodies-{base}.json"
    plan.store.write_json(bodies_key, dict(bodies))
    return [
        Job(publisher, key_of([key, base]), (key, registers, bodies_key), counted.summaries[publisher]["rows"])
        for publisher, key in counted.keys.items()
    ]


@lru_cache(maxsize=2)
def stored_class_words(store: Store, key: str) -> ClassWords:
    """The words that classing goes by, with the bodies that a build stored for its workers."""
    bodies: dict[str, list[str]] = store.read_json(key)
    return replace(declared_class_words(), bodies={name: frozenset(slugs) for name, slugs in bodies.items()})


@dataclass(frozen=True)
class Asked:
    """
    What the payments of one publisher ask of registers.

    Attributes:
        payees: Name, company number and charity number as published, of those whom registers are asked for.
        names: Name to the one by which people said that it is known.
        decisions: Payee to what people decided on its body.
    """

    payees: tuple[tuple[str, str, str], ...]
    names: dict[str, str]
    decisions: dict[tuple[str, str, str], Any]

    @property
    def stems(self) -> set[str]:
        """The stems of all readings of the names."""
        spellings = match_words().spellings
        return {reading.stem for name in self.names.values() for reading in readings_of(name, spellings)}

    @property
    def ids(self) -> set[str]:
        """Org-ids of bodies that numbers printed by the publisher, or decisions, name."""
        printed = {number for _, company, charity in self.payees for number in printed_ids(company, charity)}
        return printed | {decision.says for decision in self.decisions.values()}


#: Columns of payments that say what is asked.
_ASKING = ["publisher", "is_redacted", "payee", "company_number", "charity_number"]


def asked_of(payments: pd.DataFrame) -> Asked:
    """What payments of one publisher ask of registers; columns `_ASKING`."""
    payees = payments[~payments["is_redacted"].astype(bool)][["payee", "company_number", "charity_number"]]
    rows = [tuple(row) for row in payees.drop_duplicates().sort_values([*payees.columns]).itertuples(index=False)]
    classes, publisher = declared_class_words(), str(payments["publisher"].iloc[0]) if len(payments) else ""
    asked = tuple(one for one in rows if is_looked_up(Payee(one[0], publisher=publisher), classes))
    names = {name: known_as(name, publisher, decided_names()) for name in sorted({one[0] for one in asked})}
    found = {one: decision_on_body(one[0], publisher, decided_names()) for one in asked}
    return Asked(asked, names, {one: decision for one, decision in found.items() if decision})


def open_registers(engine: Any, store: Store, key: str) -> None:
    """Make the registers that a build loaded tables of an engine."""
    engine.execute("SET enable_progress_bar = false")
    for table in (*INDEX_TABLES, "postcodes"):
        view(engine, store, table, [table_key(REGISTERS, "all", key, table)])


def look_up(engine: Any, payments: pd.DataFrame) -> Registers:
    """
    What registers say of the names, numbers and postcodes that one publisher's payments hold.

    Args:
        engine: See `open_registers`; may be narrowed to what these payments, and others, ask.
        payments: Of one publisher, counted.
    """
    asked, words, paid = asked_of(payments), match_words(), days_paid(payments)
    matches: dict[Any, Match] = match_numbers(engine, asked.payees, words, paid)
    said = match_names(engine, [*asked.names.values()], words, [paid[name] for name in asked.names])
    of_name = dict(zip(asked.names, said, strict=True))
    hidden = [hide(one, matches[one], of_name[one[0]]) for one in asked.payees if one in matches]
    matches |= {one: of_name[one[0]] for one in asked.payees if one not in matches}
    if asked.decisions:
        known = bodies_by_id(engine, {decision.says for decision in asked.decisions.values()}, words)
        matches |= {one: decided_match(decision, known, matches.get(one)) for one, decision in asked.decisions.items()}
    codes = {postcode_key(code) for code in payments["payee_postcode"].unique()}
    wanted = sorted((codes | {match.body.postcode for match in matches.values() if match.body}) - {""})
    engine.register("wanted", pa.table({"postcode_key": pa.array(wanted, pa.string())}))
    areas = engine.execute("SELECT postcode_key, lad_code FROM postcodes JOIN wanted USING (postcode_key)").fetchall()
    return Registers(dict(areas), matches, hidden)


def days_paid(payments: pd.DataFrame) -> dict[str, Paid]:
    """When each payee of one publisher was paid, by its name, and at what postcodes; blank where no line says."""
    dated = payments[payments["date"] != ""].groupby("payee")["date"].agg(["min", "max"])
    days = {str(name): (str(first), str(last)) for name, first, last in dated.itertuples()}
    codes: dict[str, set[str]] = {str(name): set() for name in payments["payee"].unique()}
    for name, code in payments[["payee", "payee_postcode"]].drop_duplicates().itertuples(index=False):
        codes[name].add(postcode_key(code))
    return {name: Paid(*days.get(name, ("", "")), tuple(sorted(own - {""}))) for name, own in codes.items()}


def name_some(store: Store, jobs: Sequence[Job]) -> Iterator[Summary]:
    """Name the payees of some publishers, which ask the same registers; their payments get what is known of them."""
    _, registers, bodies = jobs[0].payload
    with connect() as engine:
        open_registers(engine, store, registers)
        if len(jobs) > 1:
            asked = [
                asked_of(store.read_frame(table_key(PAYMENTS, job.partition, job.payload[0], "payments"), _ASKING))
                for job in jobs
            ]
            narrow_index(
                engine, {stem for one in asked for stem in one.stems}, {id_ for one in asked for id_ in one.ids}
            )
        for job in jobs:
            yield name_one(engine, store, job, stored_class_words(store, bodies))


def name_one(engine: Any, store: Store, job: Job, classes: ClassWords) -> Summary:
    """Name the payees of one publisher; see `name_some`."""
    payments = store.read_frame(table_key(PAYMENTS, job.partition, job.payload[0], "payments"))
    said = look_up(engine, payments)
    payees, enriched = name_payees(job.partition, payments, classes, said)
    pence = payments.groupby(["payee", "company_number", "charity_number"])["amount_pence"].sum()
    paid: dict[Any, int] = pence.to_dict()
    store.write_frame(table_key(PAYEES, job.partition, job.key, HIDDEN), hidden_frame(said.hidden, paid))
    years = {month: financial_year(month) or "" for month in enriched["month"].unique()}
    enriched = enriched.assign(period=enriched["month"].map(years).astype("str"))
    store.write_frame(table_key(PAYEES, job.partition, job.key, "payees"), payees)
    store.write_frame(table_key(PAYEES, job.partition, job.key, "payments"), enriched)
    known = enriched["payee_lad_code"] != ""
    worth = payees.groupby("match")["amount_pence"].sum()
    return {
        "payees": len(payees),
        "rows": len(enriched),
        "pence": int(enriched["amount_pence"].sum()),
        "placed_pence": int(enriched.loc[known, "amount_pence"].sum()),
        "matched": {str(outcome): int(pence) for outcome, pence in worth.items()},
    }


def name_all_payees(plan: Plan) -> StageRun:
    """Payees of every publisher."""
    jobs = payee_jobs(plan)
    return plan.keep(run_stage(plan.store, PAYEES, jobs, Together(name_some, TOGETHER), plan.report, plan.workers))
