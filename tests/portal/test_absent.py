"""Who has no figure in a league table: each once, with a reason in one sentence."""

import re

import pytest

from dagster_project.portal import words
from dagster_project.portal.absent import absent
from tests.portal.test_pages import text

SHARE = {"asked_of": "bodies with an area", "base": "in_scope", "form": "share", "value_low": "", "needs": ()}


def body(slug, **other):
    usual = {"short": slug.title(), "start": "", "end": "", "files": 3, "files_read": 3, "is_cards_only": False,
             "lad_code": "E07000001", "areas_served": ""}  # fmt: skip
    return {"slug": slug, **usual, **other}


@pytest.mark.parametrize(
    ("measure", "given", "has_spent", "reason"),
    [
        ({}, {"files": 0, "files_read": 0}, False, "no-files"),
        ({}, {"files_read": 0}, False, "not-read"),
        ({}, {"is_cards_only": True}, False, "cards"),
        ({}, {"lad_code": ""}, True, "no-area"),
        ({}, {}, False, "no-payments"),
        ({"base": "in_scope_before"}, {}, True, "no-year-before"),
        ({"form": "weighted"}, {}, True, "no-report"),
        ({}, {}, True, "nothing-counted"),
        ({"needs": ("harvest",), "asked_of": "every body"}, {}, True, "no-visits"),
    ],
)
def test_one_reason_for_each(measure, given, has_spent, reason):
    (found,) = absent(SHARE | measure, "2023-24", (), {}, [body("alder", **given)], ("alder",) if has_spent else ())
    assert found["says"] == words.ABSENT[reason].format(year="2023–24")
    assert [one["slug"] for one in found["bodies"]] == ["alder"]


def test_the_newest_figure_of_another_year_stands_beside_the_name():
    newest = {"alder": {"period": "2016-17", "says": "43–60%"}}
    (found,) = absent(SHARE, "2023-24", (), newest, [body("alder")], ())
    assert found["bodies"] == [{"slug": "alder", "short": "Alder", "note": "2016–17: 43–60%"}]


def test_what_visits_saw_in_another_year_does_not_say_that_files_of_this_one_are_missing():
    newest = {"alder": {"period": "2016-17", "says": "50%"}}
    (found,) = absent(SHARE | {"needs": ("harvest",)}, "2023-24", (), newest, [body("alder")], ("alder",))
    assert found["says"] == words.ABSENT["no-visits"].format(year="2023–24")
    assert found["bodies"] == [{"slug": "alder", "short": "Alder", "note": "2016–17: 50%"}]


def test_who_is_in_the_table_or_was_not_there_in_the_year_is_not_missing():
    none = {"files": 0, "files_read": 0}
    bodies = [
        body("alder"),
        body("birch", end="2019-03-31", **none),
        body("cedar", start="2024-04-01", **none),
        body("elm", end="2023-04-30", **none),
    ]
    (found,) = absent(SHARE, "2023-24", ("alder",), {}, bodies, ())
    assert [one["slug"] for one in found["bodies"]] == ["elm"]


def test_who_has_files_is_named_also_where_it_ended_before_the_year():
    (found,) = absent(SHARE, "2023-24", (), {}, [body("birch", end="2019-03-31")], ())
    assert found["says"].startswith("No payment of 2023–24 is in their files")


def test_every_sentence_is_one():
    for sentence in words.ABSENT.values():
        assert sentence.endswith(".")
        assert sentence.count(".") == 1


def test_a_table_names_everybody_of_its_kind(portal_dir):
    """Hollinmoss publishes nothing, and stands in the table of districts all the same."""
    page = (portal_dir / "tables" / "spend" / "district-councils" / "index.html").read_text(encoding="utf-8")
    assert "Who has no figure here, and why" in text(page)
    assert re.search(r"1 body: No file of theirs is in this copy\.\s*Hollinmoss", text(page))
