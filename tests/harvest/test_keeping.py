"""What keeps a scheduled harvest alive: packs between runs, issues for broken sources."""

import json

import pytest
from local_web import FastClock
from sites import listing, read_warc, run

from dagster_project.archive.log import log_key
from dagster_project.stages.harvesting import export_warc, harvest, manifests, states_of
from dagster_project.stages.packs import INDEX, DamagedPack, read_index, restore, save
from dagster_project.stages.tending import issue_of, steps, tend
from dagster_project.store import Store


def test_an_archive_that_was_packed_and_restored_is_the_same_and_goes_on(web, store, northbeck, tmp_path):
    run(web, store, northbeck)
    folder, other = tmp_path / "packs", Store(str(tmp_path / "other"))
    assert save(store, folder, largest=150) == [
        "archive-0001.tar",
        "archive-0002.tar",
        "archive-0003.tar",
        "archive-0004.tar",
        "archive-0005.tar",
        INDEX,
    ]
    assert restore(other, folder) == len(store.list("archive")) - 2
    assert manifests(other, [northbeck]) == manifests(store, [northbeck])
    assert run(web, other, northbeck, day="2025-05-07")["northbeck"]["state"] == "unchanged"


def test_a_second_pack_holds_only_what_is_new(web, store, northbeck, tmp_path):
    run(web, store, northbeck)
    folder = tmp_path / "packs"
    save(store, folder)
    web.site("northbeck.test", {"/spend": listing(1, 2, 3, 4)})
    run(web, store, northbeck, day="2025-05-07")
    assert save(store, folder) == ["archive-0002.tar", INDEX]
    assert len(read_index(folder)["packs"][1]["keys"]) == 3  # the page, the file, the log of the run
    assert save(store, folder) == [INDEX]


def test_the_log_of_a_run_that_was_not_ended_goes_on_after_packing(web, store, northbeck, tmp_path):
    folder, other = tmp_path / "packs", Store(str(tmp_path / "other"))
    harvest(store, [northbeck], web.fetcher(FastClock("2025-04-30"), delay=20), minutes=1)
    store.write_json("archive/harvest/run.json", {"run": "2025-04-30.1", "open": True})  # as a kill leaves it
    save(store, folder)
    restore(other, folder)
    run(web, other, northbeck)
    save(other, folder)
    last = Store(str(tmp_path / "last"))
    restore(last, folder)
    assert last.read(log_key("2025-04-30.1", "northbeck")) == other.read(log_key("2025-04-30.1", "northbeck"))
    assert len(manifests(last, [northbeck])["northbeck"]) == 3


def test_a_damaged_pack_is_refused(web, store, northbeck, tmp_path):
    run(web, store, northbeck)
    folder = tmp_path / "packs"
    save(store, folder)
    pack = folder / "archive-0001.tar"
    pack.write_bytes(pack.read_bytes().replace(b"Acme", b"Acne"))
    with pytest.raises(DamagedPack, match="is not what"):
        restore(Store(str(tmp_path / "other")), folder)


def test_all_harvests_as_one_file_for_web_archives(web, store, northbeck, tmp_path):
    run(web, store, northbeck)
    run(web, store, northbeck, day="2025-05-07")
    place = tmp_path / "all.warc.gz"
    assert export_warc(store, place) == 8
    assert sum(kind == "revisit" for _, kind, _ in read_warc(place.read_bytes())) == 3


# --- issues ---


def state(name="northbeck", is_="failed", **more):
    return {"publisher": name, "state": is_, "since": "2025-05-07", "trouble": "Not there: 1.", "missing": ""} | more


def opened(number, of):
    title, body = issue_of(of)
    return {"number": number, "title": title, "body": body}


def test_a_broken_source_has_one_issue_that_is_kept_up_to_date_and_closed():
    (create,) = steps([state()], [])
    assert create[:2] == ["issue", "create"]
    assert "datapackages/sources/northbeck.yaml" in create[-1]
    assert steps([state()], [opened(7, state())]) == []
    (edit,) = steps([state(trouble="Refused: 3.")], [opened(7, state())])
    assert edit[:3] == ["issue", "edit", "7"]
    (close,) = steps([state(is_="ok", since="")], [opened(7, state())])
    assert close[:3] == ["issue", "close", "7"]
    assert steps([state(is_="late", since="")], []) == []


def test_issues_of_others_are_not_touched():
    assert (
        steps([state(is_="ok")], [{"number": 1, "title": "Source northbeck is failed", "body": "written by hand"}])
        == []
    )


def test_tending_tells_gh_in_argument_lists():
    told = []

    def gh(arguments):
        told.append(list(arguments))
        return json.dumps([opened(7, state())]) if arguments[:2] == ["issue", "list"] else ""

    tend([state(is_="ok"), state("eastmoor", trouble="`; rm -rf /`")], gh)
    assert [step[:2] for step in told] == [
        ["label", "create"],
        ["issue", "list"],
        ["issue", "create"],
        ["issue", "close"],
    ]


def test_states_are_there_before_and_after_a_harvest(web, store, northbeck):
    assert states_of(store) == []
    run(web, store, northbeck)
    assert states_of(store)[0]["state"] == "ok"
