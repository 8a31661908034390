"""An index of the names in registers, in an engine that is passed in: built once, asked by every body."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from dagster_project.match.names import key_of_words, plain_words, stem_and_form

#: A word that more register names than this share opens no block of its own, only with another word.
WORD_CAP = 600
#: A block with more names than this tells too little to be looked through.
BLOCK_CAP = 600
#: Register names kept for each reading of a payee's name.
WANTED = 25
#: A register name that shares less than this part of what the best one shares is not looked at.
NEAR = 0.4
_BATCH = 100_000


@dataclass(frozen=True, slots=True)
class Entity:
    """
    A body in a register.

    Attributes:
        id: Its org-id, e.g. `GB-COH-01234567`.
        name: As registered.
        previous: Former names, each with the day it ended, `YYYY-MM-DD` or `""`.
        kind: The register's word for what it is.
        status: The register's word; `""` where it says nothing.
        start: Day it began, `YYYY-MM-DD` or `""`.
        end: Day it ended, likewise.
        postcode: Without space, `""` where there is none.
        sic: Codes with `;`.
        same_as: Its other ids, where a register states them.
    """

    id: str
    name: str
    previous: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    status: str = ""
    start: str = ""
    end: str = ""
    postcode: str = ""
    sic: str = ""
    same_as: tuple[str, ...] = ()


#: Readings that are looked for at once; what they share blocks with must fit in memory.
TOGETHER = 50_000
#: What the readings ask of an index that is narrowed, and the columns of each table.
ASKED = {
    "names": "name_id INTEGER",
    "blocks": "block UBIGINT",
    "words": "word VARCHAR",
    "beginnings": "beginning UBIGINT",
}
#: The tables of an index.
INDEX_TABLES = ("aliases", "beginnings", "blocks", "bodies", "index_size", "names", "words")
_BODIES = ("body", "id", "name", "kind", "status", "start", "end_", "postcode", "sic", "same_as")
_NAMES = ("name_id", "body", "key", "stem", "form", "is_previous", "since", "until")


def build_index(engine: Any, entities: Iterable[Entity], spellings: Mapping[str, str]) -> int:
    """
    Build the index of some registers.

    Args:
        engine: A DuckDB connection; the tables `INDEX_TABLES` are made in it.
        entities: Streamed; never held as a whole.
        spellings: See `names.stem_and_form`.

    Returns:
        How many bodies there are.
    """
    engine.execute(
        "CREATE OR REPLACE TABLE bodies (body INTEGER, id VARCHAR, name VARCHAR, kind VARCHAR, status VARCHAR, "
        "start VARCHAR, end_ VARCHAR, postcode VARCHAR, sic VARCHAR, same_as VARCHAR)"
    )
    engine.execute(
        "CREATE OR REPLACE TABLE names (name_id INTEGER, body INTEGER, key VARCHAR, stem VARCHAR, form VARCHAR, "
        "is_previous BOOLEAN, since VARCHAR, until VARCHAR)"
    )
    body, name_id, stream = 0, 0, iter(entities)
    while batch := list(islice(stream, _BATCH)):
        names = list(_names_of(batch, body, name_id, spellings))
        rows = [
            (body + at, e.id, e.name, e.kind, e.status, e.start, e.end, e.postcode, e.sic, "|".join(e.same_as))
            for at, e in enumerate(batch)
        ]
        _insert(engine, "bodies", _BODIES, rows)
        _insert(engine, "names", _NAMES, names)
        body, name_id = body + len(batch), name_id + len(names)
    for statement in _statements("index.sql"):
        engine.execute(_filled(statement, word_cap=WORD_CAP, block_cap=BLOCK_CAP))
    engine.execute("CREATE OR REPLACE TABLE index_size AS SELECT count(DISTINCT stem) AS names FROM names")
    return body


def _insert(engine: Any, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        arrow = pa.table(dict(zip(columns, (pa.array(column) for column in zip(*rows, strict=True)), strict=True)))
        engine.register("batch", arrow)
        engine.execute(f"INSERT INTO {table} SELECT * FROM batch")
        engine.unregister("batch")


def _names_of(
    batch: Sequence[Entity], body: int, name_id: int, spellings: Mapping[str, str]
) -> Iterator[tuple[int, int, str, str, str, bool, str, str]]:
    for at, entity in enumerate(batch):
        for key, (is_previous, since, until) in _borne(entity).items():
            yield name_id, body + at, key, *stem_and_form(key, spellings), is_previous, since, until
            name_id += 1


def _borne(entity: Entity) -> dict[str, tuple[bool, str, str]]:
    """
    Every name of a body once, the present one first: whether it is a former one, and when it was taken and given up.

    A name was taken on the day on which the one before it was given up. One that came back counts from its first time.
    """
    key = key_of_words(plain_words(entity.name))
    if not entity.previous:
        return {key: (False, "", "")} if key else {}
    found: dict[str, tuple[bool, str, str]] = {}
    former = sorted(entity.previous, key=lambda name: name[1], reverse=True)
    since = [until for _, until in former] + [""]
    for n, (text, until) in enumerate(((entity.name, ""), *former)):
        if key := key_of_words(plain_words(text)):
            known = found.get(key, (n > 0, "", until))
            found[key] = (known[0], since[n] if key not in found or since[n] < known[1] else known[1], known[2])
    return found


def _statements(file: str) -> list[str]:
    text = (Path(__file__).parent / file).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return [statement for statement in "\n".join(lines).split(";") if statement.strip()]


def _filled(statement: str, **values: float) -> str:
    """A statement with its `$names` replaced by our own numbers."""
    return re.sub(r"\$(\w+)", lambda found: str(values[found[1]]), statement)


def narrow_index(engine: Any, stems: Iterable[str], ids: Iterable[str]) -> None:
    """
    Cut an index down to what some readings and ids ask of it: the same answers, from tables that are far smaller.

    To look through a whole register costs nearly the same for a thousand readings as for twenty thousand. Whoever asks
    often therefore narrows the index once, to all that will be asked.

    Args:
        engine: A connection to an index that `build_index` made; tables of its own then hide those.
        stems: Of all readings that will be looked for.
        ids: Org-ids of bodies that will be asked for, whatever their names.
    """
    for table, columns in ASKED.items():
        engine.execute(f"CREATE OR REPLACE TEMP TABLE asked_{table} ({columns})")
    every = sorted(set(stems))
    for start in range(0, len(every), TOGETHER):
        _look_for(engine, every[start : start + TOGETHER])
        for statement in _statements("asked.sql"):
            engine.execute(statement)
        engine.unregister("readings")
    engine.register("printed", pa.table({"id": pa.array(sorted(set(ids)), pa.string())}))
    for statement in _statements("narrow.sql"):
        engine.execute(statement)
    for table in ("names", "bodies", "blocks", "words", "beginnings"):
        engine.unregister(table)  # a table that was handed over hides nothing else, and would be in the way
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM kept_{table}")
        engine.execute(f"DROP TABLE kept_{table}")
    engine.unregister("printed")


def _look_for(engine: Any, stems: Sequence[str]) -> int:
    """Make the tables of candidates.sql for some readings, which stay as `readings`; gives the size of the index."""
    ((size,),) = engine.execute("SELECT names FROM index_size").fetchall()
    readings = pa.table({"reading": pa.array(range(len(stems)), pa.int32()), "stem": pa.array(stems, pa.string())})
    engine.register("readings", readings)
    for statement in _statements("candidates.sql"):
        engine.execute(_filled(statement, names=size, wanted=WANTED, near=NEAR))
    return int(size)


@dataclass(frozen=True, slots=True)
class RegisterName:
    """A name of a body in the index, from `since` to `until`; else attributes as in `readings.Reading`."""

    name_id: int
    body: int
    key: str
    stem: str
    form: str
    is_previous: bool
    since: str
    until: str


@dataclass
class Found:
    """
    What an index answers to some readings.

    Attributes:
        candidates: Reading number to the register names that it may mean, the most telling first.
        crowd: Reading number to how many names of the index begin with its words and go on.
        surprise: Word to how much it tells, in nats: the logarithm of one over the share of names that hold it.
        size: Logarithm of the number of different names in the index.
    """

    candidates: dict[int, list[RegisterName]]
    crowd: dict[int, int]
    surprise: dict[str, float]
    size: float


def find_candidates(engine: Any, stems: Sequence[str]) -> Found:
    """
    The register names that some readings may mean.

    Args:
        engine: A connection to an index that `build_index` made.
        stems: The stem of each reading; its place is the reading's number.
    """
    size = _look_for(engine, stems)
    found: dict[int, list[RegisterName]] = {}
    names: dict[int, RegisterName] = {
        row[0]: RegisterName(*row)
        for row in engine.execute(
            "SELECT name_id, body, key, stem, form, is_previous, since, until FROM names "
            "WHERE name_id IN (SELECT name_id FROM candidates) ORDER BY name_id"
        ).fetchall()
    }
    for reading, name_id in engine.execute(
        "SELECT reading, name_id FROM candidates ORDER BY reading, name_id"
    ).fetchall():
        found.setdefault(reading, []).append(names[name_id])
    crowd = dict(engine.execute("SELECT reading, crowd FROM crowds").fetchall())
    words = {word for name in names.values() for word in name.stem.split()}
    words.update(word for stem in stems for word in stem.split())
    engine.register("asked", pa.table({"word": pa.array(sorted(words), pa.string())}))
    counts = engine.execute("SELECT word, coalesce(n, 0) FROM asked LEFT JOIN words USING (word)").fetchall()
    engine.unregister("readings")
    engine.unregister("asked")
    return Found(found, crowd, {word: math.log((size + 1) / (n + 0.5)) for word, n in counts}, math.log(size + 1))
