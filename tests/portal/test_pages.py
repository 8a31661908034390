"""Every page type of an invented portal: what it says, what it never shows, and that it is whole."""

import html
import re
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from lxml import etree

from dagster_project.portal import body_pages, check_links, page_words, site_pages
from dagster_project.stages.register_harvest import STATES
from tests.portal import invented

TYPES = {
    "home": "index.html",
    "find": "find/index.html",
    "bodies": "bodies/index.html",
    "body": "bodies/alder/index.html",
    "payments": "bodies/alder/2023-24/payments/index.html",
    "league": "tables/e1-stays-in-the-area/metropolitan-boroughs/index.html",
    "tables": "tables/index.html",
    "methods": "methods/index.html",
    "method": "methods/spend/index.html",
    "story": "stories/alder/index.html",
    "places": "places/index.html",
    "place": "places/region-tlx/index.html",
    "data": "data/index.html",
    "dictionary": "data/dictionary/payments/index.html",
    "sources": "sources/index.html",
    "about": "about/index.html",
    "range": "how-to-read-a-range/index.html",
    "corrections": "corrections/index.html",
    "contribute": "contribute/index.html",
    "authorities": "for-authorities/index.html",
    "accessibility": "accessibility/index.html",
    "privacy": "privacy/index.html",
    "takedown": "takedown/index.html",
    "lost": "404.html",
}
FOOT = {"contribute", "takedown", "corrections", "sources", "accessibility", "privacy"}


def text(page):
    tree = etree.HTML(page)
    return " ".join("".join(tree.find("body").itertext()).split())


def test_every_link_of_the_portal_resolves(printed):
    out, _ = printed
    assert check_links(out) == []


@pytest.mark.parametrize("name", TYPES)
def test_every_page_has_its_frame(pages, name):
    page = pages[TYPES[name]]
    tree = etree.HTML(page)
    assert len(tree.findall(".//h1")) == 1
    assert len(tree.findall("./head/title")) == 1
    assert tree.find(".//main") is not None
    assert tree.find(".//meta[@name='description']").get("content")
    assert name in ("home", "lost") or tree.find(".//nav[@aria-label='Breadcrumb']") is not None
    here = "/" if name == "lost" else f"https://x.invalid/{TYPES[name]}"
    foot = {urljoin(here, link.get("href")).split("/")[-2] for link in tree.iterfind(".//footer//a")}
    assert foot >= FOOT
    assert "Open Government Licence v3.0" in text(page)
    assert "Release of 18 November 2024." in text(page)


def test_every_page_says_that_the_data_are_invented(pages):
    for name, page in pages.items():
        assert "Invented data." in text(page), name


def test_every_page_but_the_lost_one_names_its_own_address(pages):
    for name, page in pages.items():
        found = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
        wanted = [] if name == "404.html" else [f"https://portal.invalid/pound/{name.removesuffix('index.html')}"]
        assert found == wanted, name


def test_what_a_shared_address_shows_is_what_the_page_says_of_itself(pages, printed):
    for name in ("bodies/alder/index.html", "about/index.html"):
        tree = etree.HTML(pages[name])
        shared = {meta.get("property"): meta.get("content") for meta in tree.iter("meta") if meta.get("property")}
        assert shared["og:description"] == tree.find(".//meta[@name='description']").get("content")
        assert tree.findtext(".//title") == f"{shared['og:title']} - The Local Pound"
        picture = shared["og:image"].removeprefix("https://portal.invalid/pound/")
        assert (printed[0] / picture).read_bytes().startswith(b"\x89PNG")


def test_a_page_of_data_has_the_head_of_a_written_one(pages):
    def head(page):
        made = re.sub(
            r'<title>.*?</title>|<meta name="description"[^>]*>|<link rel="canonical"[^>]*>|<meta property="og:[td][^>]*>|(?:\.\./)+|"\./',
            "",
            page,
        )
        return made[: made.index("</head>")].split()

    assert head(pages["data/index.html"]) == head(pages["about/index.html"])


def test_hostile_payees_are_shown_as_text(pages):
    page = pages["bodies/alder/2023-24/payments/index.html"]
    tree = etree.HTML(page)
    assert not [element for element in tree.iter("script") if not element.get("src")]
    assert not tree.findall(".//img")
    said = text(page)
    assert "<script>alert(1)</script>" in said
    assert '"><img src=x onerror=alert(1)>' in said
    assert "MOCKED ltd" in said
    assert "(4,000 characters)" in said
    assert "\u202e" not in page
    assert "O'Neil & Sons <Ltd>" in said


def test_people_are_counted_and_never_named(pages):
    for name, page in pages.items():
        assert "Jo Example" not in page, name
    assert "12 payments went to payees who may be people." in text(pages["bodies/alder/index.html"])


def test_what_could_tell_a_masked_payee_is_not_shown(pages):
    tree = etree.HTML(pages["bodies/alder/2023-24/payments/index.html"])
    for item in tree.iterfind(".//ol[@class='lp-pays']/li"):
        said = "".join(item.itertext())
        assert not ("Name masked" in said and "NB1 1AA" in said)


def test_withheld_names_are_shown_as_masked(pages):
    assert "Published as “REDACTED PERSONAL DATA”." in text(pages["bodies/alder/2023-24/payments/index.html"])


def test_a_payment_leads_to_its_line(pages):
    tree = etree.HTML(pages["bodies/alder/2023-24/payments/index.html"])
    first = tree.find(".//ol[@class='lp-pays']//dl")
    said = " ".join("".join(first.itertext()).split())
    payment = first.get("id").removeprefix("p-")
    assert re.fullmatch("[0-9a-f]{16}", payment)
    assert re.search(r"[0-9a-f]{16}:1:\d+", said)
    assert "Payments <all> & more.csv" in said
    (link,) = first.xpath(".//a[starts-with(@href, '#file-')]/@href")
    (file,) = tree.xpath(f"//*[@id='{link[1:]}']")
    assert re.search("[0-9a-f]{64}", "".join(file.itertext()))


def test_a_body_leads_with_the_pound_where_its_parts_are_known(pages):
    page = pages["bodies/alder/index.html"]
    assert "Of every pound Alder spent with suppliers, between 41p and 64p stayed in its area." in text(page)
    said = html.unescape(re.findall(r'aria-label="(Of every pound[^"]+)"', page)[0])
    assert said == (
        "Of every pound Alder spent, 41p stayed local, 23p is not known and 36p went elsewhere. "
        "So between 41p and 64p stayed local."
    )


def test_a_body_of_which_nothing_is_known_leads_with_its_spending_and_says_why(pages):
    said = text(pages["bodies/dogwood/index.html"])
    assert "Dogwood published £3.98m of payments in 2023–24" in said
    lead, why = said.index("Dogwood published"), said.index("How much of it stayed in the area, we cannot say yet")
    assert lead < why < said.index("nothing can be placed yet. All of it is hatched")


def test_a_body_without_files_has_a_page_that_says_so(pages):
    assert "We have no files from Furze." in text(pages["bodies/furze/index.html"])


def test_a_body_whose_files_cannot_be_read_says_why(pages):
    said = text(pages["bodies/elder-fire/index.html"])
    assert "We could not read what Elder Fire and Rescue Authority published." in said
    assert "This is a PDF. Publish the same list as CSV." in said


def test_gaps_are_named(pages):
    said = text(pages["bodies/cedar/index.html"])
    assert "2 months are missing" in said
    assert "November 2022 and December 2022 were not published, or not found by us." in said


def test_a_league_table_lists_who_is_not_ranked_and_why(pages):
    said = text(pages[TYPES["league"]])
    assert "1 body is not ranked" in said
    assert "2nd to 3rd" in said
    assert "Months are missing." in said


def test_every_body_of_the_spine_has_a_row_and_a_page(pages):
    for slug, name, _, _ in invented.BODIES:
        assert f"bodies/{slug}/index.html" in pages
        for listed in ("find", "bodies", "sources"):
            assert html.escape(name) in pages[TYPES[listed]], (listed, name)


def test_figures_and_payments_are_anchors(pages):
    frames = invented.site_frames()
    own = frames.figures[(frames.figures["publisher"] == "alder") & (frames.figures["period"] == "2023-24")]
    for figure in own["figure_id"]:
        assert f'id="{figure}"' in pages["bodies/alder/index.html"]


def test_a_set_of_files_is_called_one_everywhere(printed):
    _, shell = printed
    site = invented.site("folder")
    body = invented.publishers().to_dict("records")[2]
    page = body_pages(site, shell, body, invented.body_frames("cedar"))["bodies/cedar/index.html"].decode()
    assert "are not in these files. Whether they were published, we do not know." in text(page)


def test_pages_are_the_same_bytes_each_time(printed):
    _, shell = printed
    site, frames = invented.site(), invented.site_frames()
    assert site_pages(site, shell, frames) == site_pages(site, shell, frames)


def test_nothing_of_this_machine_is_printed(printed):
    out, _ = printed
    for path in sorted(out.rglob("*")):
        if path.suffix in (".html", ".xml", ".css", ".js", ".txt"):
            said = path.read_text(encoding="utf-8")
            assert str(out) not in said, path
            assert "/site-packages/" not in said, path


def test_the_site_map_names_every_page_but_slices(printed):
    out, _ = printed
    tree = etree.parse(str(out / "sitemap.xml"))
    named = {node.text.removeprefix("https://portal.invalid/pound/") for node in tree.iter("{*}loc")}
    there = {p.relative_to(out).as_posix().removesuffix("index.html") for p in out.rglob("index.html")}
    assert named == {path for path in there if not re.search("/[0-9-]{7}/payments/$", path)}
    assert (out / "robots.txt").read_text().startswith("User-agent: *\nDisallow:\n")
    assert (out / ".nojekyll").exists()


def test_no_invented_name_of_the_mock_ups_is_in_the_sources():
    for path in sorted((invented.HOUSE / "site").rglob("*")):
        if path.suffix in (".html", ".md", ".js", ".css"):
            assert "Northmoor" not in path.read_text(encoding="utf-8"), path


def test_methods_say_how_often_the_matcher_is_right(pages):
    page = text(pages[TYPES["methods"]])
    assert "Accepted links that are right" in page
    assert "from 96.1% to 98.4%" in page
    assert "Charity number" in page
    assert "too few to prove much" in page
    assert "1 payee is left out" in page
    assert "not at hand" in page


def test_the_last_visit_to_each_website_stands_with_trouble_first(printed):
    site, (_, shell) = invented.site("live"), printed
    state = {"since": "", "next_expected": "2024-12-31", "missing": "", "trouble": "", "had": 2}
    frames = replace(
        invented.site_frames(),
        visits=[
            {**state, "publisher": "alder", "state": "ok"},
            {**state, "publisher": "birch", "state": "failed", "since": "2024-10-03", "had": 0,
             "trouble": "The server asks robots to stay away. <b>"},
            {**state, "publisher": "cedar", "state": "late", "missing": "2024-09"},
            {**state, "publisher": "nobody-here", "state": "ok"},
        ],
    )  # fmt: skip
    page = site_pages(site, shell, frames)["sources/index.html"].decode()
    assert page.index("Birch") < page.index("Cedar") < page.index("Alder", page.index("last visit"))
    for said in ("since 3 October 2024", "Due and not there: 2024-09", "31 December 2024", "stay away. &lt;b&gt;",
                 "1 failed, 1 late, 2 new files"):  # fmt: skip
        assert said in page
    assert "nobody-here" not in page
    assert "last visit" not in site_pages(site, shell, invented.site_frames())["sources/index.html"].decode()


def test_registers_stand_with_trouble_first(printed):
    site, (_, shell) = invented.site("live"), printed
    row = {"publisher": "The office", "licence": "OGL-UK-3.0", "state": "new", "why": "", "since": "", "edition": "2024-11",
           "retrieved": "2024-11-02", "rows": 1200}  # fmt: skip
    frames = replace(
        invented.site_frames(),
        registers=[
            {**row, "name": "Charities"},
            {**row, "name": "Companies", "state": "failed", "since": "2024-10-03", "why": "HTTP 503. <b>"},
            {**row, "name": "Places", "state": "other layout", "rows": 0, "edition": "", "retrieved": ""},
        ],
    )
    page = site_pages(site, shell, frames)["sources/index.html"].decode()
    part = page[page.index('id="registers"') :]
    assert part.index("Companies") < part.index("Places") < part.index("Charities")
    companies, places = (
        part[part.index("Companies") : part.index("Places")],
        part[part.index("Places") : part.index("Charities")],
    )
    for said in ("Could not be had since 3 October 2024; the last good edition stays in use.", "HTTP 503. &lt;b&gt;", "1,200",
                 "2024-11", "fetched on 2 November 2024", "OGL-UK-3.0"):  # fmt: skip
        assert said in companies
    assert "stays in use" not in places
    assert "none" in places
    assert (
        "Registers"
        not in site_pages(site, shell, invented.site_frames())["sources/index.html"].decode().split("<main")[-1]
    )
    assert set(page_words.REGISTERS) == set(STATES)
