"""
The spine, `datapackages/publishers.csv`: every public body, and the kinds of body there are.

Standard library only, so that a command which needs nothing else starts at once.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from dagster_project.declare.errors import DeclarationError, did_you_mean
from dagster_project.model.ids import SLUG

#: The kinds of body, a closed set. Scottish, Welsh and Northern Irish councils are `unitary`, the Greater London
#: Authority is a `combined_authority`, the City of London a `london_borough`.
KINDS = (
    "county",
    "district",
    "unitary",
    "metropolitan_district",
    "london_borough",
    "combined_authority",
    "police",
    "fire",
    "national_park",
    "parish",
    "department",
    "agency",
    "nhs_trust",
    "nhs_commissioner",
    "other",
)

#: What an extending file must have; a spine has every field of `Publisher`.
NEEDED = ("slug", "name", "kind", "lad_code", "region")

GUIDE = "See CONTRIBUTING, 'A new publisher'."

#: How a value must look where it is not empty, and how that is said.
PATTERNS: dict[str, tuple[re.Pattern[str], str]] = {
    "lad_code": (re.compile(r"[ENSWK][0-9]{8}"), "a letter of E, N, S, W, K and eight digits, such as `E08000003`"),
    "region": (re.compile(r"TL[A-Z]"), "an ITL1 code, such as `TLD`"),
    "org_id": (re.compile(r"[A-Z]{2}-[A-Z]+-[A-Za-z0-9]+"), "a register and a code in it, such as `GB-LAE-MAN`"),
    "website": (re.compile(r"https?://[^\s|]+"), "an address that begins with `https://` or `http://`"),
    "wikidata": (re.compile(r"Q[1-9][0-9]*"), "a Q and a number, such as `Q21525592`"),
    "areas_served": (re.compile(r"(E0[6-9]|W06|S12|N09)[0-9]{6}"), "codes of districts, such as `E08000003`"),
}


@dataclass(frozen=True, slots=True)
class Publisher:
    """
    One public body.

    Attributes:
        slug: Its name in addresses and ids, for ever.
        lad_code: GSS code of the area it serves, the current one; `""` for national bodies and where not known.
        region: ITL1 code; `""` for bodies that serve more than one.
        start: First day as ISO text, `""` where not known.
        end: Last day as ISO text; `""` for a body that goes on, or whose last day is not known.
        successor: Slugs of the bodies that took over.
        org_id: Its id in org-id form; `""` where no register that we know has it.
        alternative_names: Short, former and Welsh names, and abbreviations.
        areas_served: Current codes of the districts it serves, where it serves several.
    """

    slug: str
    name: str
    kind: str
    lad_code: str
    region: str
    start: str = ""
    end: str = ""
    successor: tuple[str, ...] = ()
    org_id: str = ""
    website: str = ""
    wikidata: str = ""
    alternative_names: tuple[str, ...] = ()
    areas_served: tuple[str, ...] = ()


#: The columns of a spine, in the order in which it is written.
COLUMNS = tuple(field.name for field in fields(Publisher))


@dataclass(frozen=True, slots=True)
class PublisherKind:
    """
    A kind of body, in words for people.

    Attributes:
        kind: One of `KINDS`.
        explains: One sentence: what a body of this kind does.
    """

    kind: str
    title: str
    title_plural: str
    explains: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a file, which knows where it stands."""

    path: Path
    line: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell of a column without blanks around it; `""` where the file has no such column."""
        return self.cells.get(column, "").strip()

    def parts(self, column: str) -> tuple[str, ...]:
        """The parts of a cell that holds several, separated by a bar."""
        return tuple(part.strip() for part in self.get(column).split("|")) if self.get(column) else ()

    def wrong(self, what: str) -> DeclarationError:
        """The exception that says what is wrong with this row."""
        return DeclarationError(self.path, self.line, what)


def load_publishers(path: Path, extending: Path | None = None) -> tuple[Publisher, ...]:
    """
    Read the spine, and what a folder of files adds to it.

    Args:
        path: A spine with every column of `COLUMNS`.
        extending: A `publishers.csv` that needs the columns `NEEDED` only. A slug that the spine has too is given
            anew by it: its row replaces the spine's.

    Returns:
        The bodies by slug.

    Raises:
        DeclarationError: an unknown or missing column, a slug given twice, a value that cannot be, an end before its
            start, or a successor that is not there.
    """
    rows = {row.get("slug"): row for row in _unique(_rows(path, COLUMNS, COLUMNS), "slug")}
    if extending is not None:
        rows |= {row.get("slug"): row for row in _unique(_rows(extending, COLUMNS, NEEDED), "slug")}
    found = {slug: _publisher(row) for slug, row in rows.items()}
    for slug, publisher in found.items():
        for heir in publisher.successor:
            if heir == slug:
                raise rows[slug].wrong(f"`{slug}` is named as its own successor; name another body or leave it empty.")
            if heir not in found:
                hint = did_you_mean(heir, found)
                raise rows[slug].wrong(
                    f"the successor `{heir}` of `{slug}` is not in the list.{hint} Add a row for it, or correct it."
                )
    return tuple(found[slug] for slug in sorted(found))


def load_kinds(path: Path) -> tuple[PublisherKind, ...]:
    """
    Read what the kinds of body are called: `datapackages/vocabulary/publisher_kinds.csv`.

    Returns:
        One entry for each of `KINDS`, in the order of the file, which is the order in which people see them.

    Raises:
        DeclarationError: an unknown or missing column or kind, a kind given twice, or an empty cell.
    """
    columns = tuple(field.name for field in fields(PublisherKind))
    found: dict[str, PublisherKind] = {}
    for row in _unique(_rows(path, columns, columns), "kind"):
        _kind(row)
        for column in columns[1:]:
            _filled(row, column)
        found[row.get("kind")] = PublisherKind(*(row.get(column) for column in columns))
    if missing := [kind for kind in KINDS if kind not in found]:
        raise DeclarationError(path, 1, f"no row for {', '.join(f'`{kind}`' for kind in missing)}; add one for each.")
    return tuple(found.values())


def _rows(path: Path, known: tuple[str, ...], needed: tuple[str, ...]) -> Iterator[_Row]:
    """The rows of a CSV file whose headings are all known, none given twice, none of the needed ones missing."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise DeclarationError(path, 1, f"the file is missing. {GUIDE}") from error
    except UnicodeDecodeError as error:
        raise DeclarationError(path, 1, "the file is not UTF-8; save it as 'CSV UTF-8'.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        headings = [heading.strip() for heading in next(reader, [])]
        _check_headings(path, headings, known, needed)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(headings):
                raise DeclarationError(
                    path,
                    reader.line_num,
                    f"{len(cells)} cells under {len(headings)} headings; a value with a comma in it needs quotation "
                    "marks around it.",
                )
            yield _Row(path, reader.line_num, dict(zip(headings, cells, strict=True)))
    except csv.Error as error:
        raise DeclarationError(
            path, reader.line_num, f"this is not CSV ({error}); look for a stray quotation mark."
        ) from error


def _check_headings(path: Path, headings: list[str], known: tuple[str, ...], needed: tuple[str, ...]) -> None:
    """Refuse a heading nobody knows, one given twice, and the lack of one that is needed."""
    for heading in headings:
        if heading not in known:
            hint = did_you_mean(heading, known)
            raise DeclarationError(
                path, 1, f"`{heading}` is not a column here.{hint} Known columns: {', '.join(known)}. {GUIDE}"
            )
        if headings.count(heading) > 1:
            raise DeclarationError(path, 1, f"the column `{heading}` is given twice; keep one.")
    if missing := [column for column in needed if column not in headings]:
        raise DeclarationError(
            path, 1, f"the column `{missing[0]}` is missing. Needed columns: {', '.join(needed)}. {GUIDE}"
        )


def _unique(rows: Iterator[_Row], key: str) -> Iterator[_Row]:
    """The rows, as long as none has a key that an earlier one had."""
    first: dict[str, int] = {}
    for row in rows:
        value = row.get(key)
        if value in first:
            raise row.wrong(f"the {key} `{value}` is given twice, first on line {first[value]}; keep one.")
        first[value] = row.line
        yield row


def _publisher(row: _Row) -> Publisher:
    """The body that a row states."""
    _slug(row)
    _filled(row, "name")
    _kind(row)
    for column, (pattern, looks) in PATTERNS.items():
        values = row.parts(column) if column == "areas_served" else filter(None, (row.get(column),))
        for value in values:
            if not pattern.fullmatch(value):
                raise row.wrong(f"{column} is `{value}`; expected {looks}, or nothing where it is not known.")
    _dates(row)
    for column in ("successor", "alternative_names"):
        if "" in row.parts(column):
            raise row.wrong(f"{column} has an empty part in `{row.get(column)}`; separate values by single bars.")
    several: dict[str, Callable[[str], str | tuple[str, ...]]] = dict.fromkeys(
        ("successor", "alternative_names", "areas_served"), row.parts
    )
    return Publisher(**{column: several.get(column, row.get)(column) for column in COLUMNS})  # type: ignore[arg-type]


def _slug(row: _Row) -> None:
    """Refuse a slug that is not lower-case words joined by hyphens."""
    slug = row.get("slug")
    if not SLUG.fullmatch(slug):
        nearest = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")
        hint = f" Did you mean `{nearest}`?" if nearest else ""
        raise row.wrong(f"`{slug}` is not a slug; expected lower-case words and digits joined by hyphens.{hint}")


def _kind(row: _Row) -> None:
    """Refuse a kind that is not one of `KINDS`."""
    kind = row.get("kind")
    if kind not in KINDS:
        hint = did_you_mean(kind, KINDS)
        raise row.wrong(f"`{kind}` is not a kind of body.{hint} Known kinds: {', '.join(KINDS)}.")


def _filled(row: _Row, column: str) -> None:
    """Refuse an empty cell."""
    if not row.get(column):
        raise row.wrong(f"{column} is empty; give it a value, or take the row out.")


def _is_day(text: str) -> bool:
    """Whether a text is a day of the calendar in the form `2023-04-01`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _dates(row: _Row) -> None:
    """Refuse a day that is not one, and an end before its start."""
    for column in ("start", "end"):
        value = row.get(column)
        if value and not _is_day(value):
            raise row.wrong(
                f"{column} is `{value}`; expected a day such as `2023-04-01`, or nothing where it is not known."
            )
    start, end = row.get("start"), row.get("end")
    if start and end and end < start:
        raise row.wrong(f"the end {end} lies before the start {start}; correct one of them.")
