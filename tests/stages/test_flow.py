"""The store writes whole or not at all; a stage does only what is not done."""

from pathlib import Path

import pandas as pd
import pytest

from dagster_project.flow import Job, Together, marker, run_stage, table_key
from dagster_project.store import Damaged, NotingStore, Store, key_of


@pytest.fixture(params=["folder", "memory"])
def store(request, tmp_path):
    """The same laws hold for a folder and for any address that fsspec knows."""
    return Store(str(tmp_path) if request.param == "folder" else f"memory://{tmp_path.name}")


def test_what_is_written_can_be_read_listed_and_removed(store):
    store.write("a/b.txt", b"one")
    assert store.read("a/b.txt") == b"one"
    assert store.list("a") == ["a/b.txt"]
    assert not store.create("a/b.txt", b"two")
    assert store.read("a/b.txt") == b"one"
    store.remove("a/b.txt")
    assert not store.exists("a/b.txt")
    assert store.list("a") == []


def test_a_write_that_breaks_leaves_the_last_good_state(store):
    store.write("a.txt", b"good")
    with pytest.raises(RuntimeError), store.writing("b.txt") as out:
        out.write(b"half")
        raise RuntimeError
    assert store.read("a.txt") == b"good"
    assert not store.is_local or store.list("") in (["a.txt"], [])
    assert not store.is_local or not store.exists("b.txt")


def test_a_full_disk_leaves_the_last_good_state(tmp_path, monkeypatch):
    store = Store(str(tmp_path))
    store.write("a.txt", b"good")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match=r"No space left.*a\.txt.*untouched.*build again"):
        store.write("a.txt", b"new")
    with pytest.raises(OSError, match=r"No space left.*b\.txt"), store.writing("b.txt") as out:
        out.write(b"new")
    assert store.read("a.txt") == b"good"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.txt"]


def test_a_folder_takes_the_place_of_another_when_it_is_whole(store):
    store.write("packages/one/old.csv", b"good")
    with pytest.raises(RuntimeError), store.staged("packages/one") as folder:
        store.write(f"{folder}/new.csv", b"half")
        raise RuntimeError
    assert store.list("packages") == ["packages/one/old.csv"]
    with NotingStore(store.url).staged("packages/one") as folder:
        store.write(f"{folder}/2024-25/new.csv", b"whole")
        assert store.read("packages/one/old.csv") == b"good"
    assert store.list("packages") == ["packages/one/2024-25/new.csv"]
    assert not store.is_local or [p.name for p in Path(store.url).rglob("*") if p.is_file()] == ["new.csv"]


def test_what_is_written_to_a_staged_folder_is_noted_under_its_last_name(store):
    noting = NotingStore(store.url)
    with noting.staged("packages/one") as folder:
        noting.write(f"{folder}/new.csv", b"whole")
    assert list(noting.written) == ["packages/one/new.csv"]


def test_json_refuses_what_is_no_number(store):
    with pytest.raises(ValueError, match="Out of range float"):
        store.write_json("a.json", {"share": float("nan")})


def count(store, job):
    """Work of a test: remembers that it was done."""
    store.write(f"done/{job.partition}-{key_of([job.key])}", b"")
    return {"rows": job.weight}


def test_a_job_is_done_once_for_each_key(store):
    jobs = [Job("b", "1", weight=2), Job("a", "1", weight=3)]
    first = run_stage(store, "counting", jobs, count, workers=1)
    assert first.worked == ["a", "b"]
    assert first.total("rows") == 5
    assert list(first.summaries) == ["a", "b"]
    again = run_stage(store, "counting", [jobs[0], Job("a", "2", weight=4)], count, workers=1)
    assert again.worked == ["a"]
    assert again.key != first.key


def test_work_with_a_fixed_place_is_done_again_when_something_else_lies_there(store):
    job = Job("a", "1", lands="place/key")
    run_stage(store, "landing", [job], count, workers=1)
    assert run_stage(store, "landing", [job], count, workers=1).worked == ["a"]
    store.write("place/key", b"1")
    assert run_stage(store, "landing", [job], count, workers=1).worked == []


def test_an_error_in_one_job_is_an_error(store):
    def break_down(_store, job):
        raise ZeroDivisionError(job.partition)

    with pytest.raises(ZeroDivisionError):
        run_stage(store, "breaking", [Job("a", "1")], break_down, workers=1)
    assert run_stage(store, "breaking", [Job("a", "1")], count, workers=1).worked == ["a"]


FRAME = pd.DataFrame({"payee": [f"Invented {n} Ltd" for n in range(500)], "pence": range(500)})


def write_table(store, job):
    """Work of a test: one table."""
    store.write_frame(table_key("counting", job.partition, job.key, "payments"), FRAME)
    return {"rows": len(FRAME)}


def cut_short(data):
    return data[: len(data) // 2]


def flipped(data):
    return data[:100] + bytes(255 - byte for byte in data[100:110]) + data[110:]


@pytest.mark.parametrize("harm", [cut_short, flipped, lambda _: b""])
@pytest.mark.parametrize("what", ["table", "marker"])
def test_what_was_damaged_is_made_anew(store, harm, what):
    """A bad disk changes a table, or what says that it is done: the next run writes the same bytes again."""
    jobs = [Job("a", "1"), Job("b", "1")]
    run_stage(store, "counting", jobs, write_table, workers=1)
    key = table_key("counting", "a", "1", "payments") if what == "table" else marker("counting", jobs[0])
    good = store.read(key)
    store.write(key, harm(good))
    again = run_stage(store, "counting", jobs, write_table, workers=1)
    assert again.worked == ["a"]
    assert store.read(key) == good
    store.remove(key)
    assert run_stage(store, "counting", jobs, write_table, workers=1).worked == ["a"]


@pytest.mark.parametrize("harm", [cut_short, flipped, lambda _: b""])
def test_a_damaged_table_is_never_read(store, harm):
    """What is damaged while a build runs is named, with what to do."""
    store.write_frame("a.parquet", FRAME)
    store.write("a.parquet", harm(store.read("a.parquet")))
    with pytest.raises(Damaged, match=r"a\.parquet is damaged .* Build again: it is made anew\."):
        store.read_frame("a.parquet")


def test_an_archived_file_that_was_cut_short_is_kept_again(store):
    assert store.create("archive/x", b"whole")
    store.write("archive/x", b"who")
    assert store.create("archive/x", b"whole")
    assert store.read("archive/x") == b"whole"


def count_together(store, jobs):
    """Work of a test on some jobs at once: each remembers with whom."""
    for job in jobs:
        store.write(f"tables/counting/{job.partition}/with", ",".join(one.partition for one in jobs).encode())
        yield {"rows": job.weight}


@pytest.mark.parametrize(
    ("weights", "most", "workers", "groups"),
    [
        ({"a": 5, "b": 3, "c": 1, "d": 1}, 5, 1, ["a", "b,c,d", "b,c,d", "b,c,d"]),
        ({"a": 5, "b": 3, "c": 1, "d": 1}, 100, 1, ["a,b,c,d"] * 4),
        ({"a": 4, "b": 4}, 100, 2, ["a", "b"]),  # nobody has nothing to do
        ({"a": 0, "b": 0}, 100, 1, ["a,b", "a,b"]),
    ],
)
def test_jobs_are_worked_on_together_up_to_a_weight(tmp_path, weights, most, workers, groups):
    store = Store(str(tmp_path))
    jobs = [Job(partition, "1", weight=weight) for partition, weight in weights.items()]
    run = run_stage(store, "counting", jobs, Together(count_together, most), workers=workers)
    assert [store.read(f"tables/counting/{partition}/with").decode() for partition in sorted(weights)] == groups
    assert run.summaries == {partition: {"rows": weight} for partition, weight in weights.items()}
    store.remove("tables/counting/b/with")
    assert run_stage(store, "counting", jobs, Together(count_together, most), workers=workers).worked == ["b"]
