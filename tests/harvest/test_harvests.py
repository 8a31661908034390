"""From pages to archived bytes, over days and kills, against servers of our own."""

import json
import random
from io import BytesIO

import pandas as pd
import pytest
from local_web import FastClock, Page, failing, moved, page
from sites import HOST, csv_of, declare, held, listing, live, log_rows, read_warc, run, source

from dagster_project.archive.warc import write_warc
from dagster_project.stages.harvesting import archive_key, harvest, known_of, manifests, runs_of
from dagster_project.store import Store


def test_a_page_becomes_archived_bytes_with_day_address_and_period(web, store, northbeck):
    state = run(web, store, northbeck)["northbeck"]
    (rows,) = manifests(store, [northbeck]).values()
    assert [row["name"] for row in rows] == ["spend-01-2025.csv", "spend-02-2025.csv", "spend-03-2025.csv"]
    first = rows[0]
    assert (first["retrieved"], first["source_url"], first["period"]) == (
        "2025-04-30",
        web.url(HOST, "/f/spend-01-2025.csv"),
        "2025-01",
    )
    assert store.read(archive_key(first["sha256"])) == csv_of(1)
    assert (state["state"], state["had"], state["found"]) == ("ok", 3, 3)


def test_the_page_itself_is_kept_so_that_what_it_said_on_that_day_can_be_shown(web, store, northbeck):
    run(web, store, northbeck)
    shown = next(row for row in log_rows(store, "2025-04-30.1") if row["purpose"] == "listing")
    assert b"Spending over" in store.read(archive_key(shown["sha256"]))


def test_every_attempt_is_a_row_of_a_table(web, store, northbeck):
    web.site(HOST, {"/f/spend-02-2025.csv": failing(2, 503, data=csv_of(2))})
    run(web, store, northbeck)
    table = store.read_frame("tables/harvest/attempts.parquet")
    assert table[table["url"].str.endswith("/f/spend-02-2025.csv")]["outcome"].tolist() == ["broken", "broken", "had"]
    assert set(table["purpose"]) == {"robots", "listing", "file"}


def test_an_unchanged_harvest_moves_no_files(web, store, northbeck):
    run(web, store, northbeck)
    before, moved_before = held(store, northbeck), web.moved
    state = run(web, store, northbeck, day="2025-05-07")["northbeck"]
    assert state["state"] == "unchanged"
    assert held(store, northbeck) == before
    assert web.moved - moved_before < 700  # the page itself, which has no validators


def test_a_new_file_and_a_changed_one_are_had_and_the_old_edition_is_kept(web, store, northbeck):
    run(web, store, northbeck)
    web.site(HOST, {"/spend": listing(1, 2, 3, 4), "/f/spend-02-2025.csv": Page(csv_of(2, "99.00"))})
    state = run(web, store, northbeck, day="2025-05-07")["northbeck"]
    assert (state["state"], state["had"], state["unchanged"]) == ("ok", 2, 2)
    assert held(store, northbeck)["northbeck"] == [
        ("edition 2/spend-02-2025.csv", "2025-05-07"),
        ("spend-01-2025.csv", "2025-04-30"),
        ("spend-02-2025.csv", "2025-04-30"),
        ("spend-03-2025.csv", "2025-04-30"),
        ("spend-04-2025.csv", "2025-05-07"),
    ]


def test_what_was_had_stays_when_a_file_or_the_whole_site_is_gone(web, store, northbeck):
    run(web, store, northbeck)
    web.site(HOST, {"/f/spend-02-2025.csv": Page(b"", status=404)})
    state = run(web, store, northbeck, day="2025-05-07")["northbeck"]
    assert (state["state"], state["failed"]) == ("partial", 1)
    assert "Not there: 1." in state["trouble"]
    web.sites.clear()
    state = run(web, store, northbeck, day="2025-05-14")["northbeck"]
    assert (state["state"], state["since"]) == ("failed", "2025-05-07")
    assert len(held(store, northbeck)["northbeck"]) == 3


def test_an_address_that_failed_before_is_not_asked_so_often_again(web, store, northbeck):
    web.site(HOST, {"/f/spend-02-2025.csv": failing(99, 500)})
    run(web, store, northbeck)
    run(web, store, northbeck, day="2025-05-07")
    assert web.paths(HOST).count("/f/spend-02-2025.csv") == 4 + 2


def test_a_redesigned_page_is_noticed(web, store, northbeck):
    web.site(HOST, {"/spend": listing(1, 2, 3, 4)})
    run(web, store, northbeck)
    web.site(HOST, {"/spend": page(b"<html><body><h1>Spending</h1><p>Welcome to our new site</p></body></html>")})
    state = run(web, store, northbeck, day="2025-05-07")["northbeck"]
    assert state["state"] == "partial"
    assert "The listing changed: 0 of 4 files" in state["trouble"]


def test_late_and_next_expected(web, store, northbeck):
    monthly = source(web, expect={"every": "month", "days": "31", "first": "2025-01"})
    assert run(web, store, monthly)["northbeck"]["state"] == "ok"
    state = run(web, store, monthly, day="2025-06-02")["northbeck"]
    assert (state["state"], state["missing"], state["next_expected"]) == ("late", "2025-04", "2025-07-01")


def test_a_page_of_documents_alone_is_said(web, store):
    web.site(
        HOST,
        {"/spend": page(b'<html><body><h1>Spending over 500</h1><a href="/a.pdf">Spend April 2025</a></body></html>')},
    )
    state = run(web, store, source(web))["northbeck"]
    assert state["state"] == "failed"
    assert "1 documents that no program can read" in state["trouble"]


def test_a_page_saved_under_a_files_name_is_kept_as_evidence_and_is_no_file(web, store, northbeck):
    web.site(HOST, {"/f/spend-02-2025.csv": page()})
    run(web, store, northbeck)
    row = next(r for r in log_rows(store, "2025-04-30.1") if r["outcome"] == "page-instead")
    assert b"We cannot find" in store.read(archive_key(row["sha256"]))
    assert len(held(store, northbeck)["northbeck"]) == 2


def test_variants_of_a_pattern_are_tried_until_one_is_there_and_remembered(web, store):
    web.site(HOST, {"/2025/01/spend.csv": Page(csv_of(1)), "/25-feb.csv": Page(csv_of(2))})
    said = {
        "kind": "pattern",
        "url": web.url(HOST, "/{yyyy}/{mm}/spend.csv"),
        "variants": [web.url(HOST, "/{yy}-{mon}.csv")],
        "first": "2025-01",
    }
    mine = source(web, listings=[said])
    assert run(web, store, mine)["northbeck"]["state"] == "ok"
    assert [name for name, _ in held(store, mine)["northbeck"]] == ["2025-01/spend.csv", "2025-02/25-feb.csv"]
    web.asked.clear()
    run(web, store, mine, day="2025-05-07")
    assert "/2025/02/spend.csv" not in web.paths(HOST)


def test_two_addresses_of_one_name_keep_apart(web, store):
    web.site(HOST, {"/a/spend.csv": Page(csv_of(1)), "/b/spend.csv": Page(csv_of(2))})
    mine = source(
        web, listings=[{"kind": "listed", "files": [web.url(HOST, "/a/spend.csv"), web.url(HOST, "/b/spend.csv")]}]
    )
    run(web, store, mine)
    names = sorted(name for name, _ in held(store, mine)["northbeck"])
    assert names[1] == "spend.csv"
    assert names[0].endswith("/spend.csv")
    assert len(names[0].split("/")[0]) == 8


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ('attachment; filename="Spend April 2025.csv"', "Spend April 2025.csv"),
        ("attachment; filename*=UTF-8''Spend%20%C2%A3500.csv", "Spend £500.csv"),
        ('attachment; filename="../../x.csv"', ".._.._x.csv"),
    ],
)
def test_a_file_is_named_as_its_server_names_it(web, store, said, name):
    web.site(HOST, {"/download/7": Page(csv_of(1), headers={"Content-Disposition": said})})
    mine = source(web, listings=[{"kind": "listed", "files": [web.url(HOST, "/download/7")]}])
    run(web, store, mine)
    assert held(store, mine)["northbeck"][0][0] == name


@pytest.mark.parametrize(("guard", "holds"), [({"text": "Spend 02/2025"}, True), ({"text": "Something else"}, False)])
def test_a_correction_holds_while_its_guard_does(web, store, northbeck, guard, holds):
    wrong = {
        "url": web.url(HOST, "/f/spend-02-2025.csv"),
        "period": "2025-04",
        "reason": "Its lines are of April.",
        "guard": guard,
    }
    mine = source(web, corrections=[wrong])
    run(web, store, mine)
    (rows,) = manifests(store, [mine]).values()
    assert rows[1]["period"] == ("2025-04" if holds else "2025-02")


def test_a_file_that_a_correction_leaves_out_is_archived_and_not_read(web, store, northbeck):
    out = {
        "url": web.url(HOST, "/f/spend-02-2025.csv"),
        "leave_out": "yes",
        "reason": "Another body's.",
        "guard": {"text": "Spend 02/2025"},
    }
    mine = source(web, corrections=[out])
    run(web, store, mine)
    assert len(held(store, mine)["northbeck"]) == 2


def test_when_the_time_is_up_the_rest_is_asked_first_the_next_time(web, store, northbeck):
    fetcher = web.fetcher(FastClock("2025-04-30"), delay=20)
    (state,) = harvest(store, [northbeck], fetcher, minutes=1)
    assert state["state"] == "partial"
    assert "time was up" in state["trouble"]
    first = len(held(store, northbeck)["northbeck"])
    assert 0 < first < 3
    assert run(web, store, northbeck, day="2025-05-07")["northbeck"]["state"] == "ok"
    assert len(held(store, northbeck)["northbeck"]) == 3


class Killed(BaseException):
    """What a kill feels like to a store."""


@pytest.mark.parametrize("moment", random.Random(16).sample(range(1, 16), 8))
def test_a_kill_at_any_write_loses_and_doubles_nothing(web, store, tmp_path, northbeck, moment, monkeypatch):
    whole = Store(str(tmp_path / "whole"))
    run(web, whole, northbeck)
    asked = web.paths(HOST)
    web.asked.clear()
    left = [moment]
    write = Store.write

    def dying(self, key, data):
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        write(self, key, data)

    monkeypatch.setattr(Store, "write", dying)
    try:
        run(web, store, northbeck)
    except Killed:
        monkeypatch.undo()
        run(web, store, northbeck)
    assert manifests(store, [northbeck]) == manifests(whole, [northbeck])
    assert len(web.paths(HOST)) <= len(asked) + 1, "a resumed run asks again only for the address in hand"
    assert len(runs_of(store)["northbeck"]) == 1


def test_what_is_known_is_computed_from_the_log_again(web, store, northbeck):
    run(web, store, northbeck)
    run(web, store, northbeck, day="2025-05-07")
    runs = runs_of(store)["northbeck"]
    before = known_of(store, "northbeck", runs)
    store.remove("archive/harvest/known")
    assert known_of(store, "northbeck", runs) == before


def test_the_archive_can_be_read_by_web_archives(web, store, northbeck):
    web.site(HOST, {"/f/spend-01-2025.csv": moved("/f/spend-04-2025.csv")})
    run(web, store, northbeck)
    run(web, store, northbeck, day="2025-05-07")
    rows = [row for run_ in ("2025-04-30.1", "2025-05-07.1") for row in log_rows(store, run_)]

    def written():
        out = BytesIO()
        assert write_warc(out, rows, lambda digest: store.read(archive_key(digest)), "tests") == 8
        return out.getvalue()

    records = list(read_warc(written()))
    assert (web.url(HOST, "/f/spend-02-2025.csv"), "response", csv_of(2)) in records
    assert (web.url(HOST, "/f/spend-04-2025.csv"), "response", csv_of(4)) in records
    assert (web.url(HOST, "/f/spend-02-2025.csv"), "revisit", b"") in records
    assert written() == written()


# --- the command ---


def test_live_builds_a_portal_and_packages_that_say_when_their_files_were_had(web, tmp_path):
    web.site("127.0.0.1", {"/spend": listing(1, 2), **{f"/f/spend-{m:02d}-2025.csv": Page(csv_of(m)) for m in (1, 2)}})
    out = tmp_path / "out"
    done = live(
        "build",
        "--from",
        "live",
        "--publisher",
        "northbeck",
        "--sources",
        declare(tmp_path / "sources", web),
        "--out",
        out,
    )
    assert "Sources: 1 ok." in done.stdout
    assert "4 payments, each counted once" in done.stdout
    (descriptor,) = (out / "packages" / "northbeck").rglob("datapackage.json")
    said = json.loads(descriptor.read_text(encoding="utf-8"))
    today = said["created"][:10]
    assert today >= "2026"
    assert {one.get("path") for one in said["sources"]} >= {web.url("127.0.0.1", "/f/spend-01-2025.csv")}
    figures = pd.read_parquet(out / "packages" / "all" / "figures.parquet").set_index("measure")
    # Nobody looked before these months were late, nor noted a licence; that is said, and is not nothing.
    for measure, counted in (("t1-timeliness", 12), ("t9-licence", 2)):
        assert [str(figures.loc[measure, name]) for name in ("low", "high", "base", "status")] == [
            "0.0", "1.0", f"{counted}.00", "nothing-known",
        ]  # fmt: skip
    assert not {"t8-persistence", "t11-corrections"} & set(figures.index)
    assert (out / "portal" / "index.html").is_file()
    assert "fetched from the public bodies" in (out / "portal" / "about" / "index.html").read_text(encoding="utf-8")


def test_live_is_refused_where_nobody_says_where_a_body_publishes(web, tmp_path):
    folder = declare(tmp_path / "sources", web)
    done = live(
        "build",
        "--from",
        "live",
        "--publisher",
        "manchester",
        "--sources",
        folder,
        "--out",
        tmp_path / "o",
        check=False,
    )
    assert done.returncode == 2
    assert "has no file manchester.yaml" in done.stderr
    assert "add-source" in done.stderr


def test_live_with_nothing_to_be_had_says_why_and_breaks_nothing(web, tmp_path):
    web.site("127.0.0.1", {"/spend": Page(b"", status=404)})
    done = live(
        "build", "--from", "live", "--sources", declare(tmp_path / "sources", web), "--out", tmp_path / "o", check=False
    )
    assert done.returncode == 1
    assert "Nothing could be had from any website" in done.stderr
    assert "northbeck failed since" in done.stderr
