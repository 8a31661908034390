"""Files are found in every kind of place, in the layouts that real places have; all names and contents are invented."""

import json
import time
from datetime import date

from dagster_project.declare.sources import Listing
from dagster_project.harvest.listings import Answer, discover, fill, periods

TODAY = date(2026, 4, 30)
SITE = "https://www.northbeck.invalid"


def find(listing, **pages):
    """What a listing gives in a web of these pages, and what was asked."""
    asked = []

    def ask(url, want):
        asked.append((want, url))
        said = pages.get(url)
        return (
            None if said is None else Answer(url, said.encode() if isinstance(said, str) else json.dumps(said).encode())
        )

    return discover(Listing(**listing), ask, TODAY), asked


def said(found):
    return [(link.period, link.dataset, link.url.removeprefix(SITE)) for link in found.links]


def page(body, title="Northbeck Council"):
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


ONE_PAGE = page("""
<nav><a href="/council-spending/notes.csv">Spending over £500 April 2019</a></nav>
<h1>Council spending over £500</h1>
<p>See our <a href="/privacy.pdf">privacy notice</a>, the <a href="/budget-2024-25.xlsx">budget book 2024-25</a> and
<a href="/media/1/senior-salaries.csv">senior salaries</a>.</p>
<h2>2024 to 2025</h2>
<ul>
<li><a href="/media/a1b2/spend-april-2024.csv">April 2024 (CSV, 120KB)</a></li>
<li><a href="/media/a1b3/spend-april-2024.xlsx">April 2024 (XLSX, 90KB)</a></li>
<li><a href="/media/a1b4/april2024.pdf">April 2024 spending (PDF)</a></li>
<li><a href="/media/c3d4/spend%20may%202024.csv">May</a></li>
<li><a href="/media/e5f6/june data.csv?v=2">June</a></li>
</ul>
<h3>Purchase cards</h3>
<ul><li><a href="/media/g7h8/q1.csv">Quarter 1 2024-25</a></li></ul>
<h2>Contracts register</h2>
<p><a href="/media/i9/register.csv">Contracts over £5,000, April 2024</a></p>
""")  # fmt: skip


def test_links_by_general_rules():
    found, _ = find({"kind": "links", "url": f"{SITE}/council-spending"}, **{f"{SITE}/council-spending": ONE_PAGE})
    assert said(found) == [
        ("2024-04", "payments", "/media/a1b2/spend-april-2024.csv"),
        ("2024-05", "payments", "/media/c3d4/spend%20may%202024.csv"),
        ("2024-06", "payments", "/media/e5f6/june%20data.csv?v=2"),
        ("2024-25-Q1", "cards", "/media/g7h8/q1.csv"),
    ]
    assert found.papers == 1
    assert all(not link.unsure for link in found.links)


def test_text_goes_before_name_and_disagreement_is_said():
    body = '<h1>Payments to suppliers</h1><a href="/x/payments-may-2024.csv">Payments April 2024</a>'
    found, _ = find({"kind": "links", "url": f"{SITE}/p"}, **{f"{SITE}/p": page(body)})
    (link,) = found.links
    assert link.period == "2024-04"
    assert link.unsure == ("The link says 2024-04, the file name says 2024-05.",)


def test_a_kind_that_text_and_name_disagree_on_is_said():
    body = '<a href="/x/purchase-card-may-2024.csv">Payments to suppliers May 2024</a>'
    found, _ = find({"kind": "links", "url": f"{SITE}/p"}, **{f"{SITE}/p": page(body)})
    assert found.links[0].unsure == ("The link says payments, the file name says cards.",)


def test_a_tree_of_years_and_pages_is_walked_and_nothing_else():
    tree = {
        f"{SITE}/spending": page("""<h1>Spending over £250</h1>
            <nav><a href="/spending/2">Financial year 2024 to 2025</a><a href="/housing">Housing</a></nav>
            <a href="/spending/3">Financial year 2023 to 2024</a><a href="/spending/contact">Contact</a>
            <a href="https://elsewhere.invalid/spending">Spending of others</a>"""),
        f"{SITE}/spending/2": page('<h1>Spending over £250</h1><a href="/s/:x:/a?e=1">April 2024 spending (CSV)</a>'),
        f"{SITE}/spending/3": page('<h1>Spending over £250</h1><a href="/f/b.csv">May 2023</a><a href="/spending/3?page=2">Next</a>'),
        f"{SITE}/spending/3?page=2": page('<h1>Spending over £250</h1><a href="/f/c.csv">June 2023</a>'),
    }  # fmt: skip
    found, asked = find({"kind": "links", "url": f"{SITE}/spending"}, **tree)
    assert sorted(said(found)) == [
        ("2023-05", "payments", "/f/b.csv"),
        ("2023-06", "payments", "/f/c.csv"),
        ("2024-04", "payments", "/s/:x:/a?e=1"),
    ]
    assert [url for _, url in asked] == list(tree)
    found, asked = find({"kind": "links", "url": f"{SITE}/spending", "depth": "0"}, **tree)
    assert (found.links, len(asked)) == ([], 1)


def test_a_table_whose_links_say_only_csv():
    body = """<h1>Expenditure over £500</h1><table>
      <tr><th>Month</th><th>File</th></tr>
      <tr><td>April 2024</td><td><a href="/download/11">CSV</a></td></tr>
      <tr><td>May 2024</td><td><a href="/download/12">CSV</a></td></tr></table>"""
    found, _ = find({"kind": "links", "url": f"{SITE}/e"}, **{f"{SITE}/e": page(body)})
    assert said(found) == [("2024-04", "payments", "/download/11"), ("2024-05", "payments", "/download/12")]


def test_a_shared_document_is_asked_for_where_the_file_is_and_not_the_program_that_shows_it():
    body = '<h1>Spending</h1><a href="https://northbeck.sharepoint.com/:x:/s/Public/EZMM_e-1?e=GDO">April 2024 spending (CSV)</a>'
    (link,) = find({"kind": "links", "url": f"{SITE}/e"}, **{f"{SITE}/e": page(body)})[0].links
    assert link.url == "https://northbeck.sharepoint.com/sites/Public/_layouts/15/download.aspx?share=EZMM_e-1"
    assert link.others == ("https://northbeck.sharepoint.com/:x:/s/Public/EZMM_e-1?e=GDO",)


def test_months_alone_count_where_the_source_says_what_the_page_lists():
    body = '<div><h4>Supporting documents</h4><a href="/f/1.csv">March 2023 Eastmoor CSV</a><a href="/f/2.xls">March 2023 Eastmoor Excel</a></div>'
    listing = {"kind": "links", "url": f"{SITE}/d"}
    assert find(listing, **{f"{SITE}/d": body})[0].links == []
    assert said(find(listing | {"dataset": "payments"}, **{f"{SITE}/d": body})[0]) == [
        ("2023-03", "payments", "/f/1.csv")
    ]


def test_thousands_of_links_in_one_item_take_no_time():
    links = "".join(f'<a href="/f/{n}-april-2024.csv">Spend April 2024, part {n}</a> ' for n in range(5000))
    began = time.monotonic()
    found, _ = find({"kind": "links", "url": f"{SITE}/e"}, **{f"{SITE}/e": page(f"<ul><li>{links}</li></ul>")})
    assert len(found.links) == 5000
    assert time.monotonic() - began < 15


def test_only_and_leave_out():
    body = '<h1>Spending</h1><a href="/a.csv">Spend April 2024</a><a href="/b.csv">Spend April 2024 pension fund</a>'
    listing = {"kind": "links", "url": f"{SITE}/d", "leave_out": "(?i)pension", "why": "Another body's money."}
    assert [link.url for link in find(listing, **{f"{SITE}/d": body})[0].links] == [f"{SITE}/a.csv"]


def test_a_page_that_cannot_be_had_is_missed_and_said():
    found, _ = find({"kind": "links", "url": f"{SITE}/gone"})
    assert (found.links, found.missed) == ([], [f"{SITE}/gone"])


def test_a_folder_named_after_a_year_lends_it_where_nothing_else_says_one():
    files = (f"{SITE}/spending/2010/October.csv", f"{SITE}/uploads/2026-02/January.csv")
    assert [link.period for link in find({"kind": "listed", "files": files})[0].links] == ["2010-10", ""]


def test_listed_files_are_what_they_are():
    found, asked = find(
        {"kind": "listed", "files": (f"{SITE}/spend apr 2024.csv".replace(" ", "%20"), f"{SITE}/x.csv")}
    )
    assert said(found) == [("2024-04", "payments", "/spend%20apr%202024.csv"), ("", "payments", "/x.csv")]
    assert asked == []


# --- patterns ---


def test_a_pattern_follows_the_calendar():
    listing = {
        "kind": "pattern",
        "url": SITE + "/{yyyy}/{mm}/spend-{Month}.csv",
        "variants": (SITE + "/{yy}{mon}.csv",),
        "first": "2025-12",
    }
    found, _ = find(listing)
    assert [link.period for link in found.links] == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert found.links[0].url == f"{SITE}/2025/12/spend-December.csv"
    assert found.links[0].others == (f"{SITE}/25dec.csv",)


def test_quarters_and_years_are_asked_for_when_they_have_ended():
    def of(url, first):
        return periods(Listing(kind="pattern", url=SITE + url, first=first), TODAY)

    assert of("/{fy}-q{q}.csv", "2025-07") == ["2025-26-Q2", "2025-26-Q3", "2025-26-Q4"]
    assert of("/{fy_long}.csv", "2024-04") == ["2024-25", "2025-26"]
    assert fill("{fy}/q{q}-{first_mon}-{Last_month}-{yyyy}", "2023-24-Q4") == "2023-24/q4-jan-March-2024"
    assert fill("{fy_start}{fy_end}", "2023-24") == "20232024"


# --- catalogues ---


def resource(name, url, form="CSV", **more):
    return {"name": name, "url": url, "format": form, "state": "active", "description": "", **more}


def test_ckan_package():
    package = {"name": "spend", "title": "Payments over £500", "resources": [
        resource("Spending_2024_04.csv", f"{SITE}/download/x/Spending_2024_04.csv"),
        resource("April 2024", f"{SITE}/download/y/spending.pdf", "PDF"),
        resource("May 2024", f"{SITE}/resource/z", "CSV"),
        resource("Old", f"{SITE}/old.csv", state="deleted"),
    ]}  # fmt: skip
    url = f"{SITE}/api/3/action/package_show?id=spend"
    found, asked = find(
        {"kind": "ckan", "url": SITE, "package": "spend"}, **{url: {"success": True, "result": package}}
    )
    assert asked == [("json", url)]
    assert said(found) == [
        ("2024-04", "payments", "/download/x/Spending_2024_04.csv"),
        ("2024-05", "payments", "/resource/z"),
    ]
    assert found.papers == 1
    assert found.links[0].page == f"{SITE}/dataset/spend"


def test_where_programs_are_kept_out_of_a_catalogues_api_its_page_is_read():
    body = '<h1>Payments over £500</h1><ul><li>April 2024 <a href="/dataset/spend/resource/1/download/april-2024.csv">Download</a></li></ul>'
    found, asked = find({"kind": "ckan", "url": SITE, "package": "spend"}, **{f"{SITE}/dataset/spend": page(body)})
    assert said(found) == [("2024-04", "payments", "/dataset/spend/resource/1/download/april-2024.csv")]
    assert [want for want, _ in asked] == ["json", "page"]


def test_ckan_search_goes_through_all_pages():
    def dataset(title, n):
        return {
            "name": f"d{n}",
            "title": title,
            "resources": [resource(f"Month {n:02d}/2024", f"{SITE}/{n}.xls", "XLS")],
        }

    first = [dataset("Purchase Card transactions", 1), dataset("Parking fines", 2)]
    pages = {
        f"{SITE}/api/3/action/package_search?q=card&rows=100&start=0&fq=organization%3Anorthbeck": {"success": True, "result": {"count": 3, "results": first}},
        f"{SITE}/api/3/action/package_search?q=card&rows=100&start=2&fq=organization%3Anorthbeck": {"success": True, "result": {"count": 3, "results": [dataset("Purchase card transactions", 3)]}},
    }  # fmt: skip
    found, _ = find({"kind": "ckan", "url": SITE, "search": "card", "organization": "northbeck"}, **pages)
    assert said(found) == [("2024-01", "cards", "/1.xls"), ("2024-03", "cards", "/3.xls")]


def test_a_catalogue_that_fails_says_so():
    url = f"{SITE}/api/3/action/package_show?id=spend"
    listing = {"kind": "ckan", "url": SITE, "package": "spend"}
    found, _ = find(listing, **{url: {"success": False, "error": {"message": "Not found"}}})
    assert "Not found" in found.trouble[0]
    found, _ = find(listing, **{url: "<html>Sorry</html>"})
    assert "not in JSON" in found.trouble[0]


# --- GOV.UK ---

GOV = "https://www.gov.invalid"


def publication(title, *files, **details):
    attachments = [
        {"attachment_type": "file", "title": text, "url": url, "content_type": "text/csv"} for text, url in files
    ]
    return {"document_type": "transparency", "base_path": "/government/publications/x", "title": title,
            "details": {"attachments": attachments, **details}}  # fmt: skip


def test_govuk_collection():
    base = "/government/publications/"
    collection = {"document_type": "document_collection", "title": "Department of Hills: spending over £25,000", "base_path": "/c",
        "details": {}, "links": {"documents": [
            {"title": "Spending over £25,000, January 2024", "base_path": f"{base}a"},
            {"title": "Ministers' meetings, January 2024", "base_path": f"{base}b"},
            {"title": "Spending over £25,000, February 2024", "base_path": f"{base}c", "withdrawn": True},
        ]}}  # fmt: skip
    media = "https://assets.gov.invalid/media/662910653b0122a378a7e619"
    pages = {
        f"{GOV}/api/content/government/collections/hills": collection,
        f"{GOV}/api/content{base}a": publication("Spending over £25,000, January 2024",
            ("Spending over £25,000, January 2024", f"{media}/hills-january-2024.csv"),
            ("Explanatory notes", f"{media}/notes.pdf")),
    }  # fmt: skip
    found, asked = find({"kind": "govuk", "url": f"{GOV}/government/collections/hills"}, **pages)
    assert [(link.period, link.url) for link in found.links] == [("2024-01", f"{media}/hills-january-2024.csv")]
    assert len(asked) == 2
    assert found.links[0].page == f"{GOV}/government/publications/x"


def test_govuk_publication_of_the_older_form():
    html = '<section class="attachment"><h2 class="title"><a href="/media/1/spend-march-2015.csv">March 2015</a></h2></section>'
    page_ = {
        "document_type": "transparency",
        "base_path": "/p",
        "title": "Spending over £25,000",
        "details": {"documents": [html]},
    }
    found, _ = find({"kind": "govuk", "url": f"{GOV}/p"}, **{f"{GOV}/api/content/p": page_})
    assert [(link.period, link.url) for link in found.links] == [("2015-03", f"{GOV}/media/1/spend-march-2015.csv")]
