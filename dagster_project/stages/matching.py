"""Payees against registers: for the build, and for any list of names and any list of entities."""

from __future__ import annotations

import csv
import gzip
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

import duckdb

from dagster_project.declare.classes import load_class_rules, load_classes
from dagster_project.declare.decisions import load_aliases, load_class_decisions, load_matches
from dagster_project.declare.matching import (
    load_group_words,
    load_kinds,
    load_person_names,
    load_spellings,
    load_weights,
)
from dagster_project.declare.vocabulary import load_words
from dagster_project.match import (
    ClassWords,
    Entity,
    EntityKind,
    MatchWords,
    Named,
    Paid,
    Payee,
    PersonWords,
    Weights,
    bodies_by_name,
    build_index,
    decided,
    name_all,
)
from dagster_project.match.names import postcode_key
from dagster_project.stages.plan import DECLARED
from dagster_project.tidy.redactions import Withheld

VOCABULARY = DECLARED / "vocabulary"
NAMES_NEED, ENTITIES_NEED = ("name",), ("entity_id", "name")
#: Classes as researchers' lists have them, where ours are finer or have other words.
_PLAIN_CLASSES = {
    "tax": "out_of_scope", "pension": "out_of_scope", "precept_levy": "out_of_scope", "own_transfer": "out_of_scope",
    "unreadable": "redacted", "arms_length": "supplier",
}  # fmt: skip
_PLAIN_KINDS = {"charity": "charity", "university": "charity", "gp practice": "gp_practice"}


class NotAList(ValueError):
    """A list of names or entities lacks a column, or is not there."""


@lru_cache
def declared_kinds() -> tuple[EntityKind, ...]:
    """Kinds of body."""
    classes = load_classes(VOCABULARY / "classes.csv")
    return tuple(
        EntityKind(kind.kind, kind.payee_class, kind.register_says, kind.name_says)
        for kind in load_kinds(VOCABULARY / "entity_kinds.csv", dict(classes))
    )


@lru_cache
def match_words() -> MatchWords:
    """What matching needs to know besides the registers."""
    spellings = load_spellings(VOCABULARY / "name_words.csv")
    weights = Weights.from_names(load_weights(VOCABULARY / "match_weights.csv"))
    return MatchWords(spellings, declared_kinds(), weights, load_group_words(VOCABULARY / "group_words.csv"))


@contextmanager
def index_engine() -> Iterator[tuple[Any, str]]:
    """An engine to build an index in, on disk in a folder of its own, which is gone afterwards; and that folder."""
    with tempfile.TemporaryDirectory() as folder:
        settings: dict[str, Any] = {
            "memory_limit": "4GB",
            "temp_directory": folder,
            "preserve_insertion_order": "false",  # every table is sorted when it is copied; order costs memory
        }
        with duckdb.connect(f"{folder}/index.duckdb", config=settings) as engine:
            engine.execute("SET enable_progress_bar = false")
            yield engine, folder


def declared_class_words(publishers: Iterable[Any] = ()) -> ClassWords:
    """What classing needs to know; with the names of public bodies, if any are given."""
    return replace(_class_words(), bodies=bodies_by_name(publishers))


@lru_cache
def decided_names() -> dict[tuple[str, str], Any]:
    """Whom people decided that names mean, or by what names they are known; by name key and publisher."""
    folder = DECLARED / "decisions"
    return decided([*load_matches(folder / "matches.csv"), *load_aliases(folder / "aliases.csv")])


@lru_cache
def _class_words() -> ClassWords:
    classes = load_classes(VOCABULARY / "classes.csv")
    rules = load_class_rules(VOCABULARY / "class_rules.csv", classes)
    names = load_person_names(VOCABULARY / "person_names.csv", VOCABULARY / "organisation_words.csv")
    return ClassWords(
        tuple((rule.rule, rule.payee_class, rule.pattern) for rule in rules), {}, declared_kinds(),
        PersonWords(names.given, names.family, names.organisation, names.titles, names.after),
        decided(load_class_decisions(DECLARED / "decisions" / "classes.csv", classes)), decided_names(),
    )  # fmt: skip


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _rows(path: Path, needs: tuple[str, ...]) -> Iterator[dict[str, str]]:
    if not path.is_file():
        raise NotAList(f"No such file: {path}")
    csv.field_size_limit(10_000_000)
    with _open(path) as text:
        reader = csv.DictReader(text)
        missing = [column for column in needs if column not in (reader.fieldnames or ())]
        if missing:
            raise NotAList(f"{path} has no column {', '.join(missing)}; it has: {', '.join(reader.fieldnames or ())}")
        for row in reader:
            yield {column: value or "" for column, value in row.items() if column and not isinstance(value, list)}


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def listed_entities(path: Path) -> Iterator[Entity]:
    """Entities of a list, streamed; only `entity_id` and `name` must be there."""
    for row in _rows(path, ENTITIES_NEED):
        yield Entity(
            row["entity_id"], row["name"], tuple((name, "") for name in _parts(row.get("previous_names", ""))),
            row.get("kind", ""), row.get("status", ""), row.get("incorporated", ""), row.get("dissolved", ""),
            postcode_key(row.get("postcode", "")), row.get("sic", ""), _parts(row.get("same_as", "")),
        )  # fmt: skip


def _paid(row: dict[str, str]) -> Paid:
    code = postcode_key(row.get("postcode", ""))
    return Paid(row.get("first_paid", ""), row.get("last_paid", ""), (code,) if code else ())


def plain_class(named: Named) -> str:
    """The class of a payee in the words of a researcher's list."""
    if named.payee_class == "supplier":
        return _PLAIN_KINDS.get(named.kind, "supplier")
    return _PLAIN_CLASSES.get(named.payee_class, named.payee_class)


def match_lists(names: Path, entities: Path, out: Path) -> dict[str, int]:
    """
    Match a list of names against a list of entities.

    Args:
        names: CSV with `name`; if there are any, `publisher`, `first_paid` and `last_paid` (days, YYYY-MM-DD) and
            `postcode`, as the publisher printed it.
        entities: CSV, or gzipped, with `entity_id` and `name`; what else it may have: `listed_entities`.
        out: CSV to be written: name, publisher, outcome, entity_id, confidence, class, evidence.

    Returns:
        How many names came out how.

    Raises:
        NotAList: a list is not there or lacks a column.
    """
    rows = list(_rows(names, NAMES_NEED))
    withheld = Withheld(load_words(VOCABULARY))
    payees = [Payee(row["name"], withheld[row["name"].strip()], row.get("publisher", ""), _paid(row)) for row in rows]
    words = match_words()
    counts: dict[str, int] = {}
    with index_engine() as (engine, _):
        build_index(engine, listed_entities(entities), words.spellings)
        found = name_all(engine, payees, declared_class_words(), words)
    with out.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["name", "publisher", "outcome", "entity_id", "confidence", "class", "evidence"])
        for row, named in zip(rows, found, strict=True):
            writer.writerow([row["name"], row.get("publisher", ""), *_answer(named)])
            counts[named.match.outcome] = counts.get(named.match.outcome, 0) + 1
    return counts


def _answer(named: Named) -> list[Any]:
    match = named.match
    is_named = match.body is not None and match.outcome != "none"
    return [
        match.outcome, match.body.id if match.body and is_named else "", f"{match.confidence:.3f}" if is_named else "",
        plain_class(named), match.evidence if is_named else "",
    ]  # fmt: skip
