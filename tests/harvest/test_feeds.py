"""Files in a portal's feed (DCAT-US 1.1), in the layout that its schema and ArcGIS Hub's program give it; all invented."""

import json
from datetime import date

import pytest
from local_web import Page, moved, page
from sites import HOST, csv_of, held, run, source

from dagster_project.archive import archive_key
from dagster_project.declare.publishers import Publisher
from dagster_project.declare.sources import Listing, Source
from dagster_project.declare.strict import load_declaration
from dagster_project.harvest.dcat import is_feed
from dagster_project.harvest.listings import Answer, discover
from dagster_project.stages.drafting import draft
from dagster_project.stages.harvesting import manifests

SITE = "https://data.northbeck.invalid"
FEED = "/api/feed/dcat-us/1.1.json"
COUNCIL = "Northbeck Council"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file(url, media="text/csv", key="downloadURL", **more):
    return {"@type": "dcat:Distribution", key: url, "mediaType": media, **more}


def dataset(title, *distribution, name=COUNCIL, **more):
    return {
        "@type": "dcat:Dataset", "title": title, "description": "Invented.", "keyword": ["finance"], "modified": "2025-04-02",
        "identifier": title.casefold().replace(" ", "-"), "accessLevel": "public", "landingPage": f"{SITE}/datasets/1",
        "publisher": {"@type": "org:Organization", "name": name}, "license": None, "distribution": list(distribution), **more,
    }  # fmt: skip


def feed(*datasets):
    return {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld", "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "describedBy": "https://project-open-data.cio.gov/v1.1/schema/catalog.json", "dataset": list(datasets),
    }  # fmt: skip


def hub(title, item, site=SITE, **more):
    """A data set as ArcGIS Hub lists a layer: everything is an `accessURL`."""
    service, download = f"{site}/arcgis/rest/services/Spend/FeatureServer/0", f"{site}/api/download/v1/items/{item}"
    return dataset(
        title,
        file(f"{site}/datasets/{item}", "text/html", "accessURL", title="ArcGIS Hub Dataset", format="Web Page"),
        file(service, "application/json", "accessURL", title="ArcGIS GeoService", format="ArcGIS GeoServices REST API"),
        file(
            f"{download}/geojson?layers=0", "application/vnd.geo+json", "accessURL", title="GeoJSON", format="GeoJSON"
        ),
        file(f"{download}/csv?layers=0", "text/csv", "accessURL", title="CSV", format="CSV"),
        file(
            f"{download}/kml?layers=0", "application/vnd.google-earth.kml+xml", "accessURL", title="KML", format="KML"
        ),
        file(f"{download}/shapefile?layers=0", "application/zip", "accessURL", title="Shapefile", format="ZIP"),
        **more,
    )


def find(said, final=SITE + FEED, **listing):
    """What a listing gives of a feed that was had at an address."""
    data = said if isinstance(said, bytes) else json.dumps(said).encode()
    whole = Listing(kind="dcat", url=SITE + FEED, **listing)
    return discover(whole, lambda _url, _want: Answer(final, data), date(2026, 4, 30))


def told(found):
    return [(link.period, link.dataset, link.url.removeprefix(SITE)) for link in found.links]


def test_a_hub_gives_the_table_of_each_data_set_and_neither_maps_nor_services():
    found = find(
        feed(
            hub("Payments to Suppliers - 2023 to 2024", "a1"),
            hub("Payments to Suppliers - 2024 to 2025", "a2"),
            hub("Purchase card transactions April 2024", "a3"),
            hub("Street trees", "a4", keyword=["transparency"]),
            hub("Parking income and expenditure", "a5"),
        )
    )
    assert told(found) == [
        ("2023-24", "payments", "/api/download/v1/items/a1/csv?layers=0"),
        ("2024-25", "payments", "/api/download/v1/items/a2/csv?layers=0"),
        ("2024-04", "cards", "/api/download/v1/items/a3/csv?layers=0"),
    ]
    assert (found.links[0].text, found.links[0].page) == (
        "Payments to Suppliers - 2023 to 2024 (CSV)",
        f"{SITE}/datasets/1",
    )
    assert found.trouble == []


@pytest.mark.parametrize(
    ("distribution", "url"),
    [
        (file("/f/a.csv"), "/f/a.csv"),
        (file("/f/a", XLSX), "/f/a"),
        (file("/f/a", "text/csv; charset=utf-8"), "/f/a"),
        (file("/f/a", None, format=".ODS"), "/f/a"),
        (file("/f/a.zip", "application/zip", format="Zipped CSV"), "/f/a.zip"),
        # a media type that nobody knows: the file's name tells
        (file("/f/a.xls", "binary/x-unheard-of"), "/f/a.xls"),
        (file("/f/a", "binary/x-unheard-of"), None),
        (file("/api/views/ab12-cd34/rows.csv?accessType=DOWNLOAD"), "/api/views/ab12-cd34/rows.csv?accessType=DOWNLOAD"),
        (file("/f/b.csv", accessURL="/page/a"), "/f/b.csv"),
        (file("/f/a.csv", key="accessURL"), "/f/a.csv"),
        (file("/f/a b.csv"), "/f/a%20b.csv"),
        (file(f"/f/a.csv?key={'k' * 400}"), f"/f/a.csv?key={'k' * 400}"),
        (file("/api/a", "application/json", "accessURL", format="API"), None),
        (file("/a/FeatureServer/0/query?f=csv"), None),
        (file("/ows?service=WFS&outputFormat=csv"), None),
        (file("/f/a.zip", "application/zip", title="Geodatabase"), None),
        (file("/f/a.json", "application/json"), None),
        (file(None), None),
        (file(""), None),
        (file(["/f/a.csv"]), None),
        (file("ftp://data.northbeck.invalid/f/a.csv"), None),
        ({"@type": "dcat:Distribution", "title": "CSV", "mediaType": "text/csv"}, None),
        ("text instead of an object", None),
    ],
)  # fmt: skip
def test_which_distributions_are_files(distribution, url):
    found = find(feed(dataset("Payments over £500, April 2024", distribution)))
    assert told(found) == ([("2024-04", "payments", url)] if url else [])
    assert found.papers == 0


def test_a_distribution_speaks_for_itself_before_its_data_set_does():
    months = [file(f"/f/{n}.csv", title=f"{name} 2024 (CSV)") for n, name in ((1, "April"), (2, "May"))]
    found = find(
        feed(dataset("Payments over £500, 2024 to 2025", *months, file("/f/june-2024.csv", title="Corporate cards")))
    )
    assert told(found) == [
        ("2024-04", "payments", "/f/1.csv"),
        ("2024-05", "payments", "/f/2.csv"),
        ("2024-06", "cards", "/f/june-2024.csv"),
    ]
    (link,) = find(feed(dataset("Payments", file("/spend-may-2024.csv", title="Payments over £500 April 2024")))).links
    assert link.unsure == ("The link says 2024-04, the file name says 2024-05.",)


def test_the_same_file_twice_or_in_two_formats_is_one_and_that_of_another_data_set_is_not():
    april = "Payments over £500, April 2024"
    found = find(
        feed(
            dataset(april, file("/f/a.xlsx", XLSX, title="Excel"), file("/f/a.csv", title="CSV"), file("/f/a.csv")),
            dataset("Payments over £500, school fund, April 2024", file("/f/b.xlsx", XLSX, title="Excel")),
        )
    )
    assert [url for _, _, url in told(found)] == ["/f/a.csv", "/f/b.xlsx"]


def test_documents_about_spending_are_counted_and_others_are_not():
    pdf = file("/f/a.pdf", "application/pdf", format="PDF")
    found = find(
        feed(dataset("Payments over £500, April 2024", pdf, file("/g", None, format="PDF")), dataset("Trees", pdf))
    )
    assert (found.links, found.papers) == ([], 2)


@pytest.mark.parametrize(
    ("listing", "urls"),
    [
        ({}, ["/1", "/2", "/3"]),
        ({"search": "PAYMENTS supplier"}, ["/1"]),
        ({"search": "£500"}, ["/3"]),
        ({"search": "ledger", "dataset": "payments"}, ["/2", "/4"]),
        ({"organization": "eastmoor council"}, ["/3"]),
        ({"package": "april-2024"}, ["/4"]),
        ({"only": "(?i)eastmoor", "why": "Two bodies publish there."}, ["/3"]),
    ],
)
def test_a_listing_asks_for_some_data_sets_of_a_feed(listing, urls):
    found = find(
        feed(
            dataset("Payments to suppliers March 2024", file("/1")),
            dataset("Spend May 2024", file("/2"), keyword="Ledger"),
            dataset("Eastmoor: payments over £500 June 2024", file("/3"), name="Eastmoor Council"),
            dataset("April 2024", file("/4"), keyword=["ledger"]),
        ),
        **listing,
    )
    assert [url for _, _, url in told(found)] == urls


def test_what_a_feed_does_not_have_is_said():
    found = find(feed(dataset("Payments over £500", file("/1"))), package="gone")
    assert found.trouble == ["None of the feed's 1 data sets is one that the source asks for."]
    assert find(feed()).trouble == []


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", "not in JSON"),
        (b'{"dataset": [', "not in JSON"),
        ([dataset("Payments over £500", file("/1"))], "no feed of DCAT-US 1.1"),
        ({"dcat:dataset": []}, "no feed of DCAT-US 1.1"),
        ({"dataset": {"title": "Payments over £500"}}, "no feed of DCAT-US 1.1"),
        ({"dataset": ["Payments over £500", {"name": "Payments"}]}, "no feed of DCAT-US 1.1"),
        ({"success": True, "result": {"results": []}}, "no feed of DCAT-US 1.1"),
    ],
)  # fmt: skip
def test_an_answer_of_another_layout_is_said(said, trouble):
    found = find(said)
    assert found.links == []
    assert len(found.trouble) == 1
    assert trouble in found.trouble[0]
    assert not is_feed(said if isinstance(said, bytes) else json.dumps(said).encode())


def test_gaps_in_a_feed_stop_nothing():
    bare = {"title": "Payments over £500, May 2024", "distribution": file("/m.csv")}
    nulls = dataset("Payments over £500, June 2024", keyword=None, publisher=None, landingPage=None, distribution=None)
    found = find({"dataset": [None, "text", {"distribution": []}, nulls, bare]}, search="payments")
    assert told(found) == [("2024-05", "payments", "/m.csv")]
    assert found.links[0].page == SITE + FEED


# --- from a source to archived bytes ---

YAML = """slug: northbeck
listings:
  - kind: dcat
    url: {url}
    search: payments
    organization: Northbeck Council
evidence: Invented.
verified: never
"""


@pytest.fixture
def portal(web):
    """A site whose feed has moved, and has the faults that such feeds have."""
    csv = file("/f/2025-01.csv", title="January 2025")
    listed = feed(
        dataset(
            "Payments over £500", csv, csv,
            file("/f/2025-01.xlsx", XLSX, title="January 2025"),
            file(web.url(HOST, "/f/2025-02"), title="February 2025", format="CSV"),
            file("/f/2025-03.csv", "binary/x-unheard-of", title="March 2025"),
            file("/soda/spend", "application/json", "accessURL", title="April 2025", format="API"),
            {"@type": "dcat:Distribution", "title": "May 2025", "mediaType": "text/csv"},
        ),
        hub("Payments to suppliers, December 2024", "b1", web.url(HOST, "")),
        dataset("Payments over £500, April 2025", file("/f/other.csv"), name="Eastmoor Council"),
    )  # fmt: skip
    web.site(
        HOST,
        {
            "/data.json": moved(FEED, 301),
            FEED: Page(json.dumps(listed).encode(), "application/json"),
            **{f"/f/2025-{m:02d}{end}": Page(csv_of(m)) for m, end in ((1, ".csv"), (2, ""), (3, ".csv"))},
            "/api/download/v1/items/b1/csv?layers=0": Page(csv_of(12)),
        },
    )
    return web


def test_from_a_source_file_to_archived_bytes(portal, store, tmp_path):
    place = tmp_path / "northbeck.yaml"
    place.write_text(YAML.format(url=portal.url(HOST, "/data.json")), encoding="utf-8")
    declared = load_declaration(Source, place)
    state = run(portal, store, declared)["northbeck"]
    assert (state["state"], state["had"], state["found"], state["trouble"]) == ("ok", 4, 4, "")
    (rows,) = manifests(store, [declared]).values()
    assert {row["period"]: store.read(archive_key(row["sha256"])) for row in rows} == {
        "2024-12": csv_of(12), "2025-01": csv_of(1), "2025-02": csv_of(2), "2025-03": csv_of(3),
    }  # fmt: skip
    assert sorted(portal.paths(HOST)) == sorted(
        ["/data.json", FEED, "/f/2025-01.csv", "/f/2025-02", "/f/2025-03.csv", "/api/download/v1/items/b1/csv?layers=0"]
    )
    again = run(portal, store, declared, day="2025-05-07")["northbeck"]
    assert again["state"] == "unchanged"


def test_a_page_where_the_feed_was_is_trouble_and_what_was_had_stays(portal, store):
    declared = source(portal, listings=[{"kind": "dcat", "url": portal.url(HOST, FEED), "organization": COUNCIL}])
    run(portal, store, declared)
    before = held(store, declared)
    portal.site(HOST, {FEED: page()})
    state = run(portal, store, declared, day="2025-05-07")["northbeck"]
    assert state["state"] == "partial"
    assert "answered, but not in JSON" in state["trouble"]
    assert held(store, declared) == before


def test_a_source_is_drafted_from_a_feed(portal, tmp_path):
    bodies = {"northbeck": Publisher("northbeck", COUNCIL, "district", "E07000999", "TLD", website=f"https://{HOST}")}
    made = draft(portal.url(HOST, FEED), bodies, portal.fetcher())
    place = tmp_path / "northbeck.yaml"
    place.write_text(made.text, encoding="utf-8")
    (listing,) = load_declaration(Source, place).listings
    assert (listing.kind, listing.url) == ("dcat", portal.url(HOST, FEED))
    assert made.seen[0] == "5 files: 5 payments."
    assert any("add this one's `organization`" in sentence for sentence in made.unsure)
