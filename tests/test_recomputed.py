"""
Every figure of a build once more, in pandas, from its packages, the registers it was given and the method pages alone.

Where a figure differs in the last digit, one of the two is wrong, or a page is. The sample always; a build of published
files where there is one: `LOCAL_POUND_BUILT` names its folder, `LOCAL_POUND_REGISTERS` the folder of its registers, `LOCAL_POUND_VISITS` its
record of visits where there is one.
"""

import os
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import HOUSE
from tests.recompute import compared
from tests.recompute.published import read, year_of
from tests.recompute.world import NEVER_RANKED, World

BUILT, REGISTERS, VISITS = (os.environ.get(f"LOCAL_POUND_{name}", "") for name in ("BUILT", "REGISTERS", "VISITS"))
BUILDS = [
    pytest.param("sample", id="sample"),
    pytest.param(
        "published", id="published files",
        marks=pytest.mark.skipif(
            not (BUILT and REGISTERS),
            reason="needs a build of published files and the registers that it was given: LOCAL_POUND_BUILT=FOLDER "
            "LOCAL_POUND_REGISTERS=FOLDER name them",
        ),
    ),
]  # fmt: skip


@pytest.fixture(scope="module", params=BUILDS)
def world(request):
    """The packages of a build."""
    if request.param == "published":
        return World(Path(BUILT) / "packages", Path(REGISTERS), Path(VISITS))
    sample, given = request.getfixturevalue("sample_build"), HOUSE / "datapackages" / "sample"
    return World(sample / "packages", given / "registers", given / "visits.csv")


def agreed(world, table, mine):
    """Figures of a table by measure; all of them must agree."""
    said = compared.published(world.package, table)
    odd = compared.differing(said, mine)
    assert not odd, f"{len(odd)} of {len(said)} differ in {table}:\n" + "\n".join(odd[:20])
    counts = compared.counted(said)
    print(table, sum(counts.values()), dict(counts))  # noqa: T201 -- `pytest -s` says how many of each measure
    return counts


def test_every_figure_of_every_body(world):
    counts = agreed(world, "figures", world.figures())
    assert counts.keys() >= {"spend", "e1-stays-in-the-area", "e11-concentration", "e14-retained", "t5-stability"}
    assert sum(counts.values()) > 1_000


def test_every_figure_of_parts_of_spending(world):
    counts = agreed(world, "breakdowns", world.breakdowns())
    assert sum(counts.values()) > 4_000


def test_every_figure_of_clusters(world):
    assert sum(agreed(world, "cluster_figures", world.clusters()).values()) > 90


def test_league_tables_hold_the_figures_that_are_ranked_in_order(world):
    """By measure and kind of body, the newest year first, the best possible place first, who carries no rank last."""
    figures = read(world.package, "figures")
    figures = figures[~figures["measure"].isin(NEVER_RANKED)]

    def place(row):
        ranks = [(rank is None, int(rank or 0)) for rank in (row.rank_best, row.rank_worst)]
        return row.measure, row.population, -int(row.period[:4]), *ranks, row.publisher

    expected = [row.figure_id for row in sorted(figures.itertuples(), key=place)]
    assert list(read(world.package, "league_tables")["figure_id"]) == expected


def test_every_series_bears_the_marks_of_its_breaks(world):
    """Of bodies and their parts those of the table of breaks; of clusters the years of other members than before."""
    breaks = read(world.package, "breaks").sort_values("month", kind="stable")
    said = {}
    for row in breaks.itertuples():
        assert row.period == year_of(row.month)
        assert row.says.endswith(".")
        said.setdefault((row.publisher, row.period), set()).add(f"{row.kind} {row.month}")
    for table in ("figures", "breakdowns", "league_tables"):
        for row in read(world.package, table).drop_duplicates(["publisher", "period", "breaks"]).itertuples():
            marks = row.breaks.split("|") if row.breaks else []
            assert marks == sorted(marks, key=lambda mark: mark.split()[1])
            assert set(marks) == said.get((row.publisher, row.period), set())
    assert_members(world)


def assert_members(world):
    members = {}
    for cluster in world.all_clusters():
        own = world.lines[world.lines["publisher"].isin(cluster.members) & (world.lines["period"] != "")]
        years = {period: set(bodies) for period, bodies in own.groupby("period")["publisher"]}
        for before, period in pairwise(sorted(years)):
            members[cluster.slug, period] = f"members {period[:4]}-04" if years[before] != years[period] else ""
    for row in read(world.package, "cluster_figures").itertuples():
        assert row.breaks == members.get((row.cluster, row.period), "")


def test_the_sample_shows_every_measure_that_registers_and_visits_can_fill(sample_build):
    """What is left says on its page what it needs: numbers of staff, and lists that nobody publishes."""
    declared = {path.stem for path in (HOUSE / "datapackages" / "measures").glob("*.yaml")}
    filled = set(read(sample_build / "packages" / "all", "figures")["measure"])
    assert declared - filled == {
        "s2-duty-to-report", "s4b-pays-in-days", "s5-living-wage", "s6-grants",
    }  # fmt: skip
    for measure in declared - filled:
        page = (sample_build / "portal" / "methods" / measure / "index.html").read_text(encoding="utf-8")
        assert "This cannot be measured yet with what is at hand here. It needs" in page


def test_a_penny_more_would_be_told(world):
    """What is compared can fail: of a figure that is changed by the least that there is, each column is told."""
    said = compared.published(world.package, "figures")
    key = next(key for key, row in said.items() if key[0] == "e1-stays-in-the-area" and row[2] is not None)
    for at, name in enumerate(compared.COLUMNS[:6]):
        row = said[key]
        changed = {**said, key: (*row[:at], row[at] + (1 if isinstance(row[at], int) else 2**-52), *row[at + 1 :])}
        told = compared.differing(changed, said)
        assert len(told) == 1
        assert re.search(rf"{key[1]}.*: {name} is", told[0])
    assert compared.differing({k: v for k, v in said.items() if k != key}, said) == [
        f"{' '.join(key)}: only recomputed"
    ]


def test_nothing_of_the_project_is_used():
    scripts = sorted((HOUSE / "tests" / "recompute").glob("*.py"))
    assert len(scripts) > 5
    named = Counter(
        path.name for path in scripts if re.search(r"\bdagster_project\b", path.read_text(encoding="utf-8"))
    )
    assert not named
