"""The shell and the assets: what a change of the theme could break in silence."""

import gzip
import re

import pytest

from dagster_project.portal import Site, assets, shell, words
from dagster_project.portal.stamp import BASE, CONTENT, HEAD
from tests.portal import invented


def test_the_top_pages_are_those_that_data_pages_name(printed):
    _, printed_shell = printed
    assert set(printed_shell.pages) == {
        words.HOME, words.FIND, words.BODIES, words.SUPPLIERS, words.TABLES, words.COMPARE, words.MAP, words.DATA, words.SOURCES, words.METHODS, words.ABOUT,
    }  # fmt: skip


def test_each_shell_marks_its_own_top_page(printed):
    _, printed_shell = printed
    for section, page in printed_shell.pages.items():
        current = set(re.findall(r'aria-current="true">([^<]+)<', page))
        assert current == ({section} if section != words.ABOUT else current), section


def test_no_page_carries_what_the_policy_forbids(pages):
    for name, page in pages.items():
        assert shell.inline_code(page) == "", name
        assert page.count("Content-Security-Policy") == 1, name
        assert page.index("Content-Security-Policy") < page.index("<script"), name


def test_no_page_asks_another_host_for_anything(pages):
    for name, page in pages.items():
        assert not re.findall(r'(?:src|srcset)="(?:https?:)?//', page), name
        assert not re.findall(r'<link[^>]+rel="(?:stylesheet|preload|icon)"[^>]+href="(?:https?:)?//', page), name


def good(section=""):
    return f'<a href="../../find/">{HEAD}</a><a href="../..">{CONTENT}{section}</a>'


def test_a_shell_leads_up_by_its_mark():
    assert shell.cut(good(), "x") == f'<a href="{BASE}find/">{HEAD}</a><a href="{BASE}">{CONTENT}</a>'


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (good().replace(HEAD, ""), "occurs 0 times"),
        (good(CONTENT), "occurs 2 times"),
        (good("<script>1</script>"), "an inline script"),
        (good('<p style="color:red">'), "a style attribute"),
        (good("<style>p{}</style>"), "an inline style sheet"),
        (good('<p onclick="x()">'), "an event attribute"),
        (good('<a href="/find/">'), "does not lead from the root"),
    ],
)
def test_a_broken_shell_stops_the_build(page, said):
    with pytest.raises(shell.ShellError, match=re.escape(said)):
        shell.cut(page, "x")


SHEET = """.keep{color:a}.gone{color:b}.keep .gone,.keep:hover{color:c}.gone:not(.keep){color:d}
@media print{.gone{x:y}}@media screen{.keep>a{x:"}"}}p{x:y}@font-face{src:url(x)}.keep:is(.gone,p){x:z}"""


def test_rules_that_no_page_can_meet_are_left_out():
    kept = assets.purge(SHEET, '<p class="keep">')
    assert "color:a" in kept
    assert "color:b" not in kept
    assert "color:c" in kept, "one selector of the rule can be met"
    assert "color:d" not in kept
    assert "print" not in kept, "a media query without rules"
    assert '.keep>a{x:"}"}' in kept, "braces in a text are no braces"
    assert "p{x:y}" in kept
    assert "@font-face" in kept
    assert ".keep:is(.gone,p)" in kept, "what stands in brackets is never taken as a need"


def test_the_style_sheet_keeps_to_its_budget(printed):
    out, _ = printed
    sheet = next((out / "assets").glob("lp.*.css")).read_bytes()
    assert len(gzip.compress(sheet, mtime=0)) <= 16_000
    sizes = {
        path.name.partition(".")[0]: len(gzip.compress(path.read_bytes(), mtime=0))
        for path in (out / "assets").glob("*.js")
    }
    assert set(sizes) == {"boot", "lp", "find", "search", "compare", "explore", "query"}
    for page in (("find", "search"), ("compare",), ("query",)):
        assert sizes["boot"] + sizes["lp"] + sum(sizes[name] for name in page) <= 9_000, page


def test_colours_are_named_in_one_place(printed):
    css = (invented.HOUSE / "site/assets/lp.css").read_text(encoding="utf-8")
    after = css[css.index("/* Local faces") :].split("@media print")[0]
    assert not re.findall(r"#[0-9a-f]{3,8}\b", after)


@pytest.mark.parametrize(
    ("origin", "said"),
    [("sample", "Invented data."), ("folder", "A set of files, not a complete harvest.")],
)
def test_the_banner_says_where_the_data_are_from(origin, said):
    assert shell.banner(invented.site(origin))[0] == said


def test_a_harvest_needs_no_banner():
    assert shell.banner(invented.site("live")) == ("", "")


def test_a_release_without_a_day_is_said_to_have_none():
    site = invented.site("folder")
    assert isinstance(site, Site)
    assert shell.released(site) == words.NO_RELEASE
