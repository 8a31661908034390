"""Drawings: what they say in words, and that they carry no style of their own."""

import pytest
from lxml import etree

from dagster_project.portal import bars, charts, svg

SPACE = 'xmlns="http://www.w3.org/2000/svg"'
YEARS = (("2020-21", 0.3, 0.68), ("2021-22", 0.35, 0.66), ("2023-24", 0.41, 0.64))


def parsed(markup):
    return etree.fromstring(f"<svg>{markup}</svg>")


def test_the_pound_bar_draws_its_bounds_as_per_cent_and_writes_them():
    bar = str(bars.pound_bar(0.41, 0.64, "said"))
    assert 'aria-label="said"' in bar
    assert 'x="41%" y="26" width="23%"' in bar
    assert "somewhere from 41p to 64p" in bar
    assert [text.text for text in parsed(bar).iter("text")][1:] == ["41p", "23p", "36p"]


def test_a_pound_without_doubt_has_no_hatch():
    assert "lp-hatch" not in bars.pound_bar(0.41, 0.41, "said")


def test_a_pound_of_which_nothing_is_known_is_hatched_from_end_to_end():
    bar = str(bars.pound_bar(0, 1, "said"))
    assert 'x="0%" y="26" width="100%" height="52" fill="url(#lp-hatch)"' in bar
    assert "f-stay" not in bar
    assert "f-away" not in bar


def test_the_words_of_a_bar_are_escaped():
    parsed(bars.pound_bar(0.2, 0.4, '"><script>alert(1)</script>'))
    assert "<script" not in bars.pound_bar(0.2, 0.4, '"><script>alert(1)</script>')


def test_columns_leave_a_gap_where_nothing_is_and_hang_refunds_below_nought():
    drawn = parsed(bars.columns([bars.Column("a", 100.0), bars.Column("b", None), bars.Column("c", -50.0)], "said"))
    columns = [rect for rect in drawn.iter("rect") if rect.get("class") == "f-col"]
    assert len(columns) == 2
    assert float(columns[1].get("y")) > float(columns[0].get("y"))


def test_amounts_stand_left_of_the_columns_and_not_on_them():
    (chart,) = parsed(bars.columns([bars.Column("a", 100.0)], "said"))
    amounts = [text for text in chart.iter("text") if text.text != "a"]
    assert [text.text for text in amounts] == ["50p", "£1"]
    assert all(float(text.get("x")) < 0 and text.get("text-anchor") == "end" for text in amounts)
    assert all(float(rect.get("x").rstrip("%")) >= 0 for rect in chart.iter("rect"))


def test_columns_of_nothing_are_drawn_too():
    parsed(bars.columns([bars.Column("a", 0.0)], "said"))
    parsed(bars.columns([], "said"))


def test_vega_drawings_carry_classes_words_and_no_style():
    drawn = str(charts.bounds_over_time("Alder & <Co>", YEARS))
    assert drawn.count("<title>") == drawn.count("<desc>") == drawn.count('role="img"') == 2
    assert "In 2020–21, 30–68% of what Alder &amp; &lt;Co&gt; spent stayed local; in 2023–24, 41–64%." in drawn
    assert "41% at least" in drawn
    assert "url(#lp-hatch)" in drawn
    assert "f-stay" in drawn or "s-stay" in drawn
    for forbidden in ("style=", "aria-roledescription", "font-family", "#010101", "xmlns"):
        assert forbidden not in drawn


def test_a_caterpillar_names_the_longest_line():
    drawn = str(
        charts.caterpillar("county councils", (("Alder", 1, 1), ("Birch", 2, 4), ("Cedar", 2, 3), ("Dogwood", 3, 4)))
    )
    assert "one of 4 county councils could have. The longest is Birch: 2nd to 4th." in drawn
    assert drawn.count(">Birch</text>") == 2


def test_a_colour_that_no_class_stands_for_is_refused():
    with pytest.raises(svg.ColourError, match="steelblue"):
        svg.restyle(
            f'<svg {SPACE} width="1" height="1" viewBox="0 0 1 1"><rect fill="steelblue"/></svg>', "a", "b", "c"
        )
