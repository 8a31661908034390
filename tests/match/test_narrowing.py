"""An index narrowed to what will be asked answers as the whole one does. All names are invented."""

from unittest.mock import patch

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.match import (
    INDEX_TABLES,
    Entity,
    Paid,
    bodies_by_id,
    build_index,
    index,
    match_names,
    match_numbers,
    narrow_index,
)
from dagster_project.match.readings import readings_of
from dagster_project.stages.matching import match_words
from tests.match.test_matching import REGISTER

STATED = [Entity("GB-CHC-9900009", "Wolderidge Printing Trust", kind="charity", same_as=("GB-COH-80000001",))]
NAMES = [
    *sorted({entity.name for entity in REGISTER}),
    "BRAMBLEWICK CARE", "Otermouth Press", "Zephyrine Logistics", "HOLLOWMERE LANTERN TRUST T/A QUILLFEATHER PRINTING",
    "Marrowford Integrated Engineering Sol", "Hill Lane Primary School", "Nobody Knows This One", "Care", "", "LTD",
]  # fmt: skip
IDS = ["GB-COH-90000001", "GB-CHC-9900001", "GB-CHC-9900009", "GB-COH-80000001", "GB-COH-00000000"]


@pytest.fixture(scope="module")
def register():
    engine = duckdb.connect()
    build_index(engine, iter([*REGISTER, *STATED]), match_words().spellings)
    return engine


def answers(engine, names, ids):
    words = match_words()
    numbered = [(name, number.removeprefix("GB-COH-"), "") for name, number in zip(names, ids, strict=False)]
    return (
        match_names(engine, names, words, [Paid()] * len(names)),
        match_numbers(engine, numbered, words),
        bodies_by_id(engine, ids, words),
    )


@settings(max_examples=40, deadline=None)
@given(
    asked=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 40)), min_size=1, max_size=12),
    others=st.lists(st.sampled_from(NAMES), max_size=12),
    ids=st.lists(st.sampled_from(IDS), max_size=3, unique=True),
    together=st.sampled_from([1, 3, 50_000]),
)
def test_a_narrowed_index_gives_the_same_answers(register, asked, others, ids, together):
    names = [name[: length or None] for name, length in asked]
    stems = {reading.stem for name in [*names, *others] for reading in readings_of(name, match_words().spellings)}
    whole = answers(register, names, ids)
    with register.cursor() as narrowed, patch.object(index, "TOGETHER", together):
        narrow_index(narrowed, stems, ids)
        assert answers(narrowed, names, ids) == whole
        (kept,) = narrowed.execute("SELECT count(*) FROM temp.names").fetchone()
        (every,) = register.execute("SELECT count(*) FROM main.names").fetchone()
    assert kept <= min(every, 25 * len(stems) + 2 * len(ids))


def test_a_printed_number_is_found_under_a_name_that_nobody_asked(register):
    with register.cursor() as narrowed:
        narrow_index(narrowed, [], ["GB-COH-90000003"])
        found = match_numbers(narrowed, [("Ottermouth Press", "90000003", "")], match_words())
    ((_, match),) = found.items()
    assert match.body.name == "QUILLFEATHER PRINTING LTD"


def test_an_index_that_was_handed_over_is_narrowed_too(register):
    with duckdb.connect() as engine:
        for table in INDEX_TABLES:
            engine.register(table, register.execute(f"FROM {table}").df())
        narrow_index(engine, ["bramblewick care"], [])
        (match,) = match_names(engine, ["Bramblewick Care Ltd"], match_words(), [Paid()])
    assert match == match_names(register, ["Bramblewick Care Ltd"], match_words(), [Paid()])[0]
    assert match.body.id == "GB-COH-90000001"
