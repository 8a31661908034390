"""Bodies beside each other: what may be said of a pair, who the peers are, what a gap is made of."""

import itertools
import json
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.portal import compare, facts, pages
from dagster_project.portal.stamp import Stamp
from tests.portal import invented

YEAR = "2023-24"
LOCAL = facts.LOCAL


def figure(low, high, *, outer=(None, None), months=12, unit="share", is_known=True):
    return {"low": low, "high": high, "outer_low": outer[0], "outer_high": outer[1], "months": months, "unit": unit,
            "is_known": is_known, "has_value": True}  # fmt: skip


@pytest.mark.parametrize(
    ("own", "other", "says", "why"),
    [
        (figure(0.2, 0.3), figure(0.4, 0.5), "higher", "surely above"),
        (figure(0.4, 0.5), figure(0.2, 0.3), "lower", "surely below"),
        (figure(0.2, 0.4), figure(0.4, 0.5), "cannot tell apart", "they touch"),
        (figure(0.2, 0.3), figure(0.4, 0.5, outer=(0.29, 0.6)), "cannot tell apart", "wrong links may join them"),
        (figure(0.2, 0.3), figure(0.4, 0.5, is_known=False), "not known", "nothing known of the other"),
        (figure(0.2, 0.3), None, "not known", "no figure of the other"),
        (figure(5, 5, unit="pounds"), figure(9, 9, months=11, unit="pounds"), "not compared", "money of fewer months"),
        (figure(0.2, 0.3), figure(0.4, 0.5, months=9), "higher", "shares of fewer months"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_may_be_said_of_a_pair(own, other, says, why):
    assert compare.verdict(own, other)[0] == says


def bodies(*rows):
    return {slug: {"slug": slug, "kind": kind, "year": YEAR, "short": slug.title()} for slug, kind in rows}


def spends(**amounts):
    return {(slug, facts.SPEND, YEAR): figure(pounds, pounds, unit="pounds") for slug, pounds in amounts.items()}


def test_peers_are_the_nearest_neighbours_that_have_figures():
    known = bodies(("a", "x"), ("b", "x"), ("c", "x"))
    how, peers = compare.peers_of(known["a"], known, spends(a=1, c=1), {"a": ("b", "c")})
    assert (how, peers) == ("near", ["c"])


def test_without_statistics_peers_are_of_the_same_kind_and_spend_nearly_as_much():
    known = bodies(("a", "x"), ("b", "x"), ("c", "x"), ("d", "y"))
    how, peers = compare.peers_of(known["a"], known, spends(a=100, b=1000, c=50, d=100), {})
    assert (how, peers) == ("kind", ["c", "b"])


LEADS = [
    ({"b": (0.6, 0.7), "c": (0.1, 0.2), "d": (0.4, 0.5)}, "B surely keeps more of its spending local than A. C surely keeps less.",
     "D cannot be told apart from it."),
    ({"b": (0.6, 0.7), "c": (0.6, 0.8)}, "B and C surely keep more of their spending local than A.", ""),
    ({"b": (0.1, 0.2), "c": (0.4, 0.6)}, "B surely keeps less of its spending local than A.", "C cannot be told apart from it."),
    ({"b": (0.4, 0.6)}, "None of them can be told apart from A by how much stays local.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("others", "finding", "rest"), LEADS)
def test_the_finding_names_who_is_surely_apart(others, finding, rest):
    figures = {(slug, LOCAL, YEAR): figure(*span) for slug, span in {"a": (0.4, 0.5), **others}.items()}
    known = bodies(*((slug, "x") for slug in ("a", *others)))
    assert compare.lead(known["a"], list(others), known, figures) == (finding, rest)


share = st.floats(0, 1, allow_nan=False)
part = st.tuples(st.integers(1, 10**9), share, share).map(lambda t: (float(t[0]), min(t[1:]), max(t[1:])))


@given(own=st.lists(part, min_size=2, max_size=4), peer=st.lists(part, min_size=2, max_size=4))
def test_the_parts_of_a_gap_hold_the_gap(own, peer):
    """Whatever the truth within the bounds, the sum of the parts' ends encloses the gap of the whole."""
    bought = {("own", YEAR, f"p{at}"): row for at, row in enumerate(own)}
    bought |= {("peer", YEAR, f"p{at}"): row for at, row in enumerate(peer)}

    def whole(rows, end):
        return sum(row[0] * row[end] for row in rows) / sum(row[0] for row in rows)

    found = compare.drivers("own", ["peer"], YEAR, bought)
    assert sum(row["least"] for row in found) <= (whole(own, 1) - whole(peer, 2)) * 100 + 1e-6
    assert sum(row["most"] for row in found) >= (whole(own, 2) - whole(peer, 1)) * 100 - 1e-6


def test_what_is_surely_a_part_of_the_gap_comes_first():
    bought = {
        ("a", YEAR, "goods"): (5_000.0, 0.0, 1.0), ("a", YEAR, "services"): (5_000.0, 0.9, 0.9),
        ("b", YEAR, "goods"): (5_000.0, 0.0, 1.0), ("b", YEAR, "services"): (5_000.0, 0.1, 0.1),
    }  # fmt: skip
    first, second = compare.drivers("a", ["b"], YEAR, bought)
    assert (first["name"], first["says"]) == ("Services", "+40 points")
    assert (second["name"], second["says"]) == ("Goods", "\u221250 to +50 points")


def test_there_are_no_parts_where_nothing_was_broken_down():
    assert compare.drivers("a", ["b"], YEAR, {}) == []


@given(share, share)
def test_files_for_scripts_widen_and_never_narrow(one, other):
    low, high = min(one, other), max(one, other)
    first, last = compare.outward(low, high)
    if low == high:
        assert first == last == pytest.approx(low, abs=1e-6)
    else:
        assert first <= low + 1e-9
        assert last >= high - 1e-9


@pytest.mark.parametrize(
    ("measure", "short"),
    [("e1-stays-in-the-area", "e1"), ("e3p-three-hundred-largest", "e3p"), ("spend", "spend"), ("top-ten-share", "top-ten-share"),
     ("t10-counted-once", "t10")],
)  # fmt: skip
def test_short_names_of_measures(measure, short):
    assert compare.short_id(measure) == short


def test_short_names_of_all_declared_measures_differ():
    ids = [path.stem for path in (invented.HOUSE / "datapackages/measures").glob("*.yaml")]
    assert len({compare.short_id(one) for one in ids}) == len(ids)


@pytest.fixture(scope="module")
def found(printed):
    """The pages of comparison of the invented world."""
    site, (_, shell) = invented.site(), printed
    frames = invented.site_frames()
    rows = pages.body_rows(frames, site)
    return compare.compare_pages(Stamp(site, shell), frames, rows, {}, pd.DataFrame())


def test_a_page_says_what_the_figures_allow(found):
    page = found["bodies/alder/compare/index.html"].decode()
    assert "None of them can be told apart from Alder by how much stays local." in page
    assert re.search(r"Alder</th>.*?41–64%", page, re.DOTALL)
    assert "not at hand" in page


def test_a_body_that_nobody_is_like_says_so(found):
    page = (
        found["bodies/elder-fire/compare/index.html"].decode()
        if "bodies/elder-fire/compare/index.html" in found
        else None
    )
    assert page is None or "nobody to compare" in page
    assert "bodies/furze/compare/index.html" not in found, "no figures, no page"


def test_pages_and_files_for_scripts_say_the_same(found):
    told = json.loads(found[f"compare/{LOCAL}/{YEAR}.json"])
    assert told["unit"] == "share"
    assert told["bodies"]["alder"][2] == "41–64%"
    assert told["bodies"]["dogwood"][:3] == [None, None, "not known"]
    page = found["bodies/alder/compare/index.html"].decode()
    for (one, a), (other, b) in itertools.permutations(
        [(s, r) for s, r in told["bodies"].items() if r[0] is not None], 2
    ):
        if one == "alder":
            word = "higher" if b[0] > a[1] else "lower" if b[1] < a[0] else "cannot tell apart"
            name = next(row[1] for row in invented.BODIES if row[0] == other)
            line = re.search(rf'bodies/{other}/">[^<]+</a></th>.*?</tr>', page, re.DOTALL)
            assert line, name
            assert word in line[0]


def test_the_table_is_there_as_csv_with_figure_ids(found):
    lines = found["bodies/alder/compare/compare.csv"].decode().split("\r\n")
    assert lines[0].startswith("measure,period,publisher,name,low,high")
    assert all(re.search(r"f-[0-9a-f]{12}$", line) for line in lines[1:] if line)
