"""Measures: a three-valued question asked of every payment, or a form of its own, declared one file each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import computed_field, model_validator

from dagster_project.declare.newest import Newest
from dagster_project.declare.strict import Declared, load_folder
from dagster_project.declare.vocabulary import read_rows

FORMS = ("share", "total", "concentration", "weighted", "missing")

#: What a question is asked of, one row of it each, and what its rows are counted in.
ASKED = {
    "payees": "pounds",
    "payments": "lines",
    "pounds": "pounds",
    "files": "files",
    "lines_of_files": "lines",
    "months": "months",
    "layouts": "headings",
    "visited_months": "months",
    "visited_files": "files",
    "old_links": "links",
    "changed_months": "months",
}


class Example(Declared):
    """
    A worked example that the tests run and the method page prints.

    Attributes:
        payments: Pairs of an answer (`yes`, `no`, `unknown`; for other forms a payee or a value) and pounds.
    """

    says: str
    payments: tuple[tuple[str, str], ...]
    low: str = ""
    high: str = ""
    status: str = "ok"


class Measure(Declared):
    """
    One measure.

    Attributes:
        family: Under which heading it is listed.
        form: How it is computed: a module of `measure/forms/`; `missing` for one that no register here can fill.
        of: What the question is asked of, a key of `ASKED`; its rows weigh in pounds or count as one.
        base: A key of `vocabulary/denominators.csv`, worded there and nowhere else.
        yes: SQL condition over a row; NULL means not known. Only for shares.
        score, weight: Instead of `yes`, whole numbers a row scores and could score, such as fields that are filled.
        index: Of a concentration: `top` for the share of the ten largest, `herfindahl` for the sum of squared shares.
        statistic: Of a weighted form: `sum`, `mean` or `median`, weighed by pounds.
        value: SQL number of a payee, NULL where not known; `value_low` and `value_high` stand in for it then. Without
            these two, the figure is about the payees whose value is known, and says how much they are.
        rests_on: What a wrong link would spoil: `link`, `place` (only where a register gave the address), `nothing`.
        needs: What must be at hand: slugs of `witnesses/`, `complete` (a folder that says so), or `harvest`
            (a record of visits to websites).
        inside: Ids of measures whose yes is part of this one's yes, and whose no holds this one's no.
        asked_of: `every body`, or `bodies with an area` (a national body has no "local").
        direction: `higher`, `lower`, or `none`: we do not judge.
        rank: Whether bodies are put in order by it.
    """

    id: str
    name: str
    question: str
    family: Literal["basics", "economic", "social", "environmental", "openness", "scenario"] = "basics"
    form: Literal["share", "total", "concentration", "weighted", "missing"]
    unit: Literal["share", "pounds", "points", "days", "tonnes", "kilograms"]
    of: Literal[
        "payees", "payments", "pounds", "files", "lines_of_files", "months", "layouts", "visited_months", "visited_files",
        "old_links", "changed_months",
    ] = "payees"  # fmt: skip
    base: str
    yes: str = ""
    score: str = ""
    weight: str = ""
    index: Literal["", "top", "herfindahl"] = ""
    statistic: Literal["", "sum", "mean", "median"] = ""
    value: str = ""
    value_low: str = ""
    value_high: str = ""
    in_prices_of: str = ""
    rests_on: Literal["link", "place", "nothing"] = "nothing"
    needs: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    asked_of: Literal["every body", "bodies with an area"] = "every body"
    direction: Literal["higher", "lower", "none"] = "none"
    rank: bool = True
    formula: str
    why_it_matters: str
    left_out: tuple[str, ...] = ()
    assumes: str = ""
    caveats: tuple[str, ...] = ()
    source: str = ""
    author: str
    checker: str
    reviewed: str
    review_by: str
    status: Literal["draft", "preview", "published", "retired"]
    examples: tuple[Example, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def counted_in(self) -> str:
        """What the base is counted in."""
        return ASKED[self.of]

    @property
    def is_in_packages(self) -> bool:
        """Whether published payments and the list of bodies are all that it is made of."""
        asks_registers = bool(self.needs) or self.rests_on == "link" or self.form == "weighted"
        return not asks_registers and self.of in ("payees", "payments", "pounds", "months")

    @model_validator(mode="after")
    def _is_whole(self) -> Measure:
        if (self.form == "share") != bool(self.yes or self.score):
            raise ValueError("`yes` or `score` is the question of a share, and of nothing else")
        if bool(self.score) != bool(self.weight):
            raise ValueError("`score` says what a row reaches and `weight` what it could; give both")
        if (self.form == "concentration") != bool(self.index) or (self.form == "weighted") != bool(self.value):
            raise ValueError("`index` belongs to a concentration, `value` to a weighted form")
        if self.form == "missing" and not self.needs:
            raise ValueError("a measure that cannot be filled says in `needs` what is missing")
        if missing := [name for name in ("left_out", "assumes", "caveats", "source") if not getattr(self, name)]:
            raise ValueError(f"a reader is told nothing of: {', '.join(missing)}")
        if self.author == self.checker:
            raise ValueError("author and checker are the same; another person checks")
        cases = {example.status for example in self.examples}
        wanted = {"ok", "no-base"} | ({"nothing-known"} if self.form == "share" else set())
        if missing := sorted(wanted - cases):
            raise ValueError(f"an example is missing for: {', '.join(missing)}")
        return self


class Witness(Declared):
    """
    A register that says something about suppliers or places, beyond who and where they are.

    Attributes:
        table: Which of our tables its rows are, one of `WITNESSED`.
        recognised_by: Headings that a file of it has, by which it is found in a folder; case and spaces do not matter.
        columns: Our column to the register's heading; a heading between slashes is a pattern.
        prefix: org-id prefix of its numbers, e.g. `GB-COH`; `""` where its rows are places.
        newest: Where its newest edition is had; none where nothing shows it, or where it is the file of a register.
        tried_on: Said on pages: real data, or only a sample in the true layout.
    """

    slug: str
    name: str
    publisher: str
    origin: str
    licence: str
    table: str
    delimiter: Literal["comma", "tab"] = "comma"
    recognised_by: tuple[str, ...]
    columns: dict[str, str]
    prefix: str = ""
    newest: Newest | None = None
    tried_on: str

    @model_validator(mode="after")
    def _maps_known_columns(self) -> Witness:
        if self.table not in WITNESSED:
            raise ValueError(f"`table` is {self.table}; known: {', '.join(WITNESSED)}")
        if unknown := sorted(set(self.columns) - set(WITNESSED[self.table])):
            raise ValueError(f"`columns` names {', '.join(unknown)}; known: {', '.join(WITNESSED[self.table])}")
        return self


#: What witnesses give, all text: first the key, then what is said of it. `number` becomes `supplier_id` by the prefix.
WITNESSED: dict[str, tuple[str, ...]] = {
    "companies": ("number", "name", "category", "accounts", "made_up", "sic", "postcode"),
    "charities": ("number", "name", "company_number", "income", "postcode"),
    "pay_gaps": ("number", "median_gap", "size", "due"),
    "payment_practices": ("number", "period_end", "days", "within_30"),
    "slavery_statements": ("number", "year"),
    "deprivation": ("postcode", "rank", "country"),
    "sites": ("number", "postcode"),
    "emission_factors": ("group", *(f"y{year}" for year in range(2015, 2024))),
    "prices": ("time", "index"),
    "place_sizes": ("place", "population", "area"),
    "place_deprivation": ("register_code", "deprivation"),
    "place_rurality": ("register_code", "highly_rural", "rural"),
}


def load_measures(folder: Path) -> tuple[Measure, ...]:
    """Every measure of `datapackages/measures/`, in the order in which people count: e2 before e10."""
    return tuple(sorted(load_folder(Measure, folder, "id"), key=lambda measure: counted(measure.id)))


def load_witnesses(folder: Path) -> tuple[Witness, ...]:
    """Every register of `datapackages/measures/witnesses/`, by slug."""
    return load_folder(Witness, folder, "slug")


PUBLISHED = ("measure", "publisher", "who", "period", "said", "definition", "beside_ours", "source")


def load_published(path: Path) -> tuple[dict[str, str], ...]:
    """Figures that others published, to stand beside ours: `datapackages/measures/published.csv`, in its order."""
    return tuple(dict(row) for row in read_rows(path, PUBLISHED, PUBLISHED))


def counted(name: str) -> tuple[tuple[str, int], ...]:
    """A key by which names with numbers are sorted as people do."""
    return tuple((text, int(number or 0)) for text, number in re.findall(r"(\D+)(\d*)", name))
