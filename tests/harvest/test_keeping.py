"""What keeps a scheduled harvest alive: packs between runs, issues for broken sources."""

import json
import shutil
from itertools import pairwise

import pytest
from local_web import FastClock, Page
from sites import csv_of, declare, held, listing, read_warc, run, source

from dagster_project.archive import archive_key
from dagster_project.archive.log import log_key
from dagster_project.model.ids import sha256
from dagster_project.stages.harvesting import export_warc, harvest, manifests, states_of
from dagster_project.stages.packs import INDEX, DamagedPack, everything, read_index, restore_values, save, unpack
from dagster_project.stages.plan import Plan
from dagster_project.stages.printing_gone import known_addresses, remember
from dagster_project.stages.printing_wider import months_by_visit
from dagster_project.stages.reading import archive_files, read_files
from dagster_project.stages.restoring import Release, keep, needed, restore
from dagster_project.stages.tending import issue_of, steps, tend
from dagster_project.store import Store
from tests.conftest import local_pound


def restore_all(store, folder):
    index = read_index(folder)
    return restore_values(store, index) + unpack(store, folder, everything(index))


def test_an_archive_that_was_packed_and_restored_is_the_same_and_goes_on(web, store, northbeck, tmp_path):
    run(web, store, northbeck)
    folder, other = tmp_path / "packs", Store(str(tmp_path / "other"))
    assert save(store, folder, largest=150).new == tuple(f"archive-{n:04d}.tar" for n in range(1, 6))
    assert restore_all(other, folder) == len(store.list("archive"))
    assert manifests(other, [northbeck]) == manifests(store, [northbeck])
    assert run(web, other, northbeck, day="2025-05-07")["northbeck"]["state"] == "unchanged"


def test_a_second_pack_holds_only_what_is_new(web, store, northbeck, tmp_path):
    run(web, store, northbeck)
    folder = tmp_path / "packs"
    save(store, folder, small=0)
    web.site("northbeck.test", {"/spend": listing(1, 2, 3, 4)})
    run(web, store, northbeck, day="2025-05-07")
    assert save(store, folder, small=0) == (("archive-0002.tar",), ())
    assert len(read_index(folder)["packs"][1]["keys"]) == 3  # the page, the file, the log of the run
    assert save(store, folder, small=0) == ((), ())


def test_a_small_last_pack_is_written_again_with_what_is_new(web, store, northbeck, tmp_path):
    run(web, store, northbeck)
    folder, other = tmp_path / "packs", Store(str(tmp_path / "other"))
    save(store, folder)
    web.site("northbeck.test", {"/spend": listing(1, 2, 3, 4)})
    run(web, store, northbeck, day="2025-05-07")
    assert save(store, folder) == (("archive-0002.tar",), ("archive-0001.tar",))
    assert sorted(path.name for path in folder.iterdir()) == ["archive-0002.tar", INDEX]
    restore_all(other, folder)
    assert other.list("archive") == store.list("archive")
    assert save(store, folder) == ((), ())


def test_a_small_last_pack_stays_where_its_contents_are_not_at_hand(web, store, northbeck, tmp_path):
    run(web, store, northbeck)
    folder, other = tmp_path / "packs", Store(str(tmp_path / "other"))
    save(store, folder)
    restore_values(other, read_index(folder))
    web.site("northbeck.test", {"/spend": listing(1, 2, 3, 4)})
    run(web, other, northbeck, day="2025-05-07")
    assert save(other, folder) == (("archive-0002.tar",), ())


def test_the_log_of_a_run_that_was_not_ended_goes_on_after_packing(web, store, northbeck, tmp_path):
    folder, other = tmp_path / "packs", Store(str(tmp_path / "other"))
    harvest(store, [northbeck], web.fetcher(FastClock("2025-04-30"), delay=20), minutes=1)
    store.write_json("archive/harvest/run.json", {"run": "2025-04-30.1", "open": True})  # as a kill leaves it
    save(store, folder)
    restore_all(other, folder)
    run(web, other, northbeck)
    save(other, folder)
    last = Store(str(tmp_path / "last"))
    restore_all(last, folder)
    assert last.read(log_key("2025-04-30.1", "northbeck")) == other.read(log_key("2025-04-30.1", "northbeck"))
    assert len(manifests(last, [northbeck])["northbeck"]) == 3


def test_what_a_later_run_learned_is_not_overwritten_by_what_was_packed(web, store, northbeck, tmp_path):
    run(web, store, northbeck)
    folder = tmp_path / "packs"
    save(store, folder)
    web.site("northbeck.test", {"/spend": listing(1, 2, 3, 4)})
    run(web, store, northbeck, day="2025-05-07")
    assert restore_all(store, folder) == 0
    assert len(held(store, northbeck)["northbeck"]) == 4


def test_a_damaged_pack_is_refused(web, store, northbeck, tmp_path):
    run(web, store, northbeck)
    folder = tmp_path / "packs"
    save(store, folder)
    pack = folder / "archive-0001.tar"
    pack.write_bytes(pack.read_bytes().replace(b"Acme", b"Acne"))
    with pytest.raises(DamagedPack, match="is not what"):
        restore_all(Store(str(tmp_path / "other")), folder)


# --- what a run needs, and no more ---


@pytest.fixture
def built(web, tmp_path):
    """Three months of a body, harvested, read and packed; and how to make a machine that knows nothing of it."""
    web.site("127.0.0.1", {"/spend": listing(1, 2, 3), **{f"/f/spend-{m:02d}-2025.csv": Page(csv_of(m)) for m in (1, 2, 3, 4)}})  # fmt: skip
    folder = declare(tmp_path / "sources", web)

    def machine(name):
        return Plan("live", sources=str(folder), out=str(tmp_path / name), workers=1)

    plan = machine("first")
    harvest(plan.store, plan.declared_sources, web.fetcher(FastClock("2025-04-30")))
    build(plan)
    save(plan.store, tmp_path / "packs")
    return machine


@pytest.fixture(autouse=True)
def nobody_is_asked(monkeypatch):
    monkeypatch.setenv("LOCAL_POUND_HARVEST_MINUTES", "0")


def build(plan):
    archive_files(plan)
    return read_files(plan)


def bytes_of(store, month):
    return store.exists(archive_key(sha256(csv_of(month))))


def test_readings_take_the_place_of_the_files_that_they_are_of(web, built, tmp_path):
    plan = built("second")
    restore(plan, tmp_path / "packs")
    assert not bytes_of(plan.store, 1)
    assert build(plan).worked == []
    assert plan.recall("published_lines").total("rows") == 6


def test_after_a_harvest_only_what_changed_is_brought_too(web, built, tmp_path):
    plan = built("second")
    restore(plan, tmp_path / "packs")
    renamed = listing(1, 2, 3, 4).data.replace(b"Spend 02/2025", b"Spend 12/2024")
    web.site("127.0.0.1", {"/spend": Page(renamed, "text/html", validators=False)})
    harvest(plan.store, plan.declared_sources, web.fetcher(FastClock("2025-05-07")))
    assert restore(plan, tmp_path / "packs") == 1  # the file whose link says something else: it is read again
    assert (bytes_of(plan.store, 1), bytes_of(plan.store, 2), bytes_of(plan.store, 4)) == (False, True, True)
    assert len(build(plan).worked) == 2


def test_a_reader_that_changed_needs_the_files(web, built, tmp_path, monkeypatch):
    monkeypatch.setattr("dagster_project.stages.reading.code_key", lambda *_: "another reader")
    plan = built("second")
    restore(plan, tmp_path / "packs")
    assert bytes_of(plan.store, 1)
    assert len(build(plan).worked) == 3
    assert save(plan.store, tmp_path / "packs").dropped[-1].startswith("readings-"), "stale readings do not stay"
    third = built("third")
    restore(third, tmp_path / "packs")
    assert build(third).worked == []


def test_a_run_without_a_build_drops_no_reading(web, built, tmp_path):
    plan = built("second")
    restore(plan, tmp_path / "packs")
    assert save(plan.store, tmp_path / "packs") == ((), ())


def test_addresses_that_were_printed_are_known_on_the_next_machine(web, built, tmp_path):
    first = built("first")
    remember(first.store, ["GB-COH-00000002", "GB-COH-00000001"])
    save(first.store, tmp_path / "packs")
    remember(first.store, ["GB-COH-00000001", "GB-COH-00000003"])
    save(first.store, tmp_path / "packs")
    second = built("second")
    restore(second, tmp_path / "packs")
    assert known_addresses(second.store) == {"GB-COH-00000001", "GB-COH-00000002", "GB-COH-00000003"}


def test_everything_can_be_had_too(web, built, tmp_path):
    plan = built("second")
    restore(plan, tmp_path / "packs", whole=True)
    assert plan.store.list("archive") == built("first").store.list("archive")


class Gh:
    """A release as `gh` shows it, in a folder."""

    def __init__(self, place):
        self.place, self.said = place, []

    def __call__(self, arguments):
        self.said.append(arguments[:2])
        what, rest = arguments[1], list(arguments[2:])
        if what == "list":
            return "v1\narchive\n" if self.place.is_dir() else "v1\n"
        if what == "create":
            self.place.mkdir()
        if what == "view":
            return "\n".join(sorted(path.name for path in self.place.iterdir()))
        if what == "download":
            shutil.copy(self.place / rest[rest.index("--pattern") + 1], rest[rest.index("--dir") + 1])
        if what == "upload":
            shutil.copy(rest[1], self.place)
        if what == "delete-asset":
            (self.place / rest[1]).unlink()
        return ""


def test_packs_lie_in_a_release_and_come_and_go_one_at_a_time(web, built, tmp_path):
    gh = Gh(tmp_path / "release")

    def week(name, months=(), day="2025-05-07"):
        plan, folder = built(name), tmp_path / f"packs of {name}"
        release = Release("archive", folder, gh)
        restore(plan, folder, release)
        if months:
            web.site("127.0.0.1", {"/spend": listing(*months)})
            harvest(plan.store, plan.declared_sources, web.fetcher(FastClock(day)))
            restore(plan, folder, release)
            worked = build(plan).worked
            saved = keep(plan.store, folder, release)
            assert [path.name for path in folder.iterdir()] == [INDEX], "packs do not pile up on the machine"
            return worked, saved
        return plan, folder

    worked, saved = week("second", (1, 2, 3))
    assert (len(worked), saved) == (3, (("archive-0001.tar", "readings-0002.tar"), ()))
    worked, saved = week("third", (1, 2, 3, 4), "2025-05-14")
    assert len(worked) == 1
    assert saved == (("archive-0003.tar", "readings-0004.tar"), ("archive-0001.tar", "readings-0002.tar"))
    assert sorted(path.name for path in gh.place.iterdir()) == ["archive-0003.tar", INDEX, "readings-0004.tar"]
    plan, folder = week("fourth")
    assert needed(plan, read_index(folder)) >= {archive_key(sha256(listing(1, 2, 3, 4).data))}
    assert len(manifests(plan.store, plan.declared_sources)["northbeck"]) == 4


def test_all_harvests_as_one_file_for_web_archives(web, store, northbeck, tmp_path):
    run(web, store, northbeck)
    run(web, store, northbeck, day="2025-05-07")
    place = tmp_path / "all.warc.gz"
    assert export_warc(store, place) == 8
    assert sum(kind == "revisit" for _, kind, _ in read_warc(place.read_bytes())) == 3


def test_a_web_archive_needs_all_bytes(built, tmp_path):
    plan = built("second")
    restore(plan, tmp_path / "packs")
    plan.store.write(
        log_key("2025-04-30.1", "northbeck"), built("first").store.read(log_key("2025-04-30.1", "northbeck"))
    )
    done = local_pound("packs", "warc", tmp_path / "all.warc.gz", "--out", tmp_path / "second", check=False)
    assert done.returncode == 2
    assert "packs restore FOLDER --all" in done.stderr
    assert not (tmp_path / "all.warc.gz").exists()


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


def test_a_register_that_is_not_taken_into_use_has_an_issue_too():
    register = {"file": "datapackages/registers/oscr.yaml", "trouble": "3 rows against 10 before."}
    (create,) = steps([state("register-oscr", "smaller", **register), state("register-onspd", "by hand")], [])
    assert "datapackages/registers/oscr.yaml" in create[-1]
    assert "3 rows against 10 before." in create[-1]


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


class Tracker:
    """Issues as GitHub keeps them, as far as `gh` is asked for them."""

    def __init__(self):
        self.issues = {}

    def __call__(self, arguments):
        told = list(arguments)
        given = dict(pairwise(told))
        if told[:2] == ["issue", "list"]:
            return json.dumps([issue for issue in self.issues.values() if issue["open"]])
        if told[:2] == ["issue", "create"]:
            number = len(self.issues) + 1
            self.issues[number] = {"number": number, "title": given["--title"], "body": given["--body"], "open": True}
        elif told[:2] == ["issue", "edit"]:
            self.issues[int(told[2])] |= {"title": given["--title"], "body": given["--body"]}
        elif told[:2] == ["issue", "close"]:
            self.issues[int(told[2])]["open"] = False
        return ""


def test_week_by_week_a_source_breaks_gets_worse_and_is_mended(web, store, northbeck):
    """One issue is opened, kept up to date and closed; when the source breaks again, another is opened."""
    tracker, page = Tracker(), {f"/f/spend-{month:02d}-2025.csv": Page(csv_of(month)) for month in (1, 2, 3)}

    def week(day):
        run(web, store, northbeck, day=day)
        tend(states_of(store), tracker)
        return [(issue["title"], issue["open"]) for issue in tracker.issues.values()]

    assert week("2025-04-30") == []
    web.site("northbeck.test", {"/f/spend-02-2025.csv": Page(b"", status=404)})
    assert week("2025-05-07") == [("Source northbeck is partial", True)]
    first = tracker.issues[1]["body"]
    web.sites.clear()
    assert week("2025-05-14") == [("Source northbeck is failed", True)]
    assert tracker.issues[1]["body"] != first
    web.site("northbeck.test", {"/spend": listing(1, 2, 3), **page})
    assert week("2025-06-14") == [("Source northbeck is failed", False)]
    web.sites.clear()
    assert week("2025-06-21") == [("Source northbeck is failed", False), ("Source northbeck is failed", True)]


def test_months_that_are_late_and_withdrawn_are_known_to_the_calendar(web, store, northbeck):
    monthly = source(web, expect={"every": "month", "days": "31", "first": "2025-01"})
    run(web, store, monthly)
    web.site("northbeck.test", {"/spend": listing(1, 3)})
    run(web, store, monthly, day="2025-06-02")
    plan = Plan("live", out=store.url)
    assert months_by_visit(plan) == {"northbeck": {"late": ["2025-04"], "gone": ["2025-02"]}}
    assert len(held(store, monthly)["northbeck"]) == 3, "what was withdrawn is kept"
    assert months_by_visit(Plan("sample", out=store.url)) == {}
