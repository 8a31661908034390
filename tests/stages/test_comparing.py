"""Which part of a version moves, and what a changelog says, from two packages alone."""

import json
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.stages.before import bring_last, bringing
from dagster_project.stages.changelogs import changelog, compare_releases, write_changes
from dagster_project.stages.comparing import NothingToCompare, compare, fields_moved, fields_of, figures_moved, is_told
from dagster_project.stages.versions import (
    FIRST,
    SETTING,
    NotARelease,
    last_release,
    next_version,
    part_since,
    version_after,
)
from tests.conftest import local_pound

RELEASED = Path(__file__).parent / "released_fields.json"

PAYMENTS = [
    ("a1", "northbeck", "Acme", "10.00"),
    ("a2", "northbeck", "Beck", "20.00"),
    ("b1", "eastmoor", "Cole", "5.00"),
]
FIELDS = {"payment_id": "string", "publisher": "string", "payee": "string", "amount": "number"}


def package(folder, rows=PAYMENTS, fields=FIELDS, version="1.0.0", more=()):
    folder.mkdir()
    tables = [("payments", fields), *more]
    resources = [
        {"name": name, "format": "csv", "schema": {"fields": [{"name": n, "type": t} for n, t in those.items()]}}
        for name, those in tables
    ]
    (folder / "datapackage.json").write_text(json.dumps({"version": version, "resources": resources}))
    ids, bodies, payees, amounts = zip(*rows, strict=True)
    money = pa.array([Decimal(amount) for amount in amounts], pa.decimal128(18, 2))
    pq.write_table(
        pa.table({"payment_id": ids, "publisher": bodies, "payee": payees, "amount": money}),
        folder / "payments.parquet",
    )
    return folder


def compared(tmp_path, **new):
    return compare(package(tmp_path / "old"), package(tmp_path / "new", **new))


def test_the_same_is_nothing(tmp_path):
    found = compared(tmp_path)
    assert (found.part, found.moved, found.is_told) == ("none", (), True)
    assert "No payment was added" in changelog(found)


@pytest.mark.parametrize(
    ("new", "part"),
    [
        ({"rows": [*PAYMENTS, ("c1", "eastmoor", "Dale", "7.50")]}, "minor"),
        ({"rows": PAYMENTS[1:]}, "patch"),
        ({"rows": [("a1", "northbeck", "ACME", "10.00"), *PAYMENTS[1:]]}, "patch"),
        ({"fields": FIELDS | {"date": "date"}}, "minor"),
        ({"more": [("files", {"name": "string"})]}, "minor"),
        ({"fields": FIELDS | {"amount": "string"}}, "major"),
        ({"fields": {name: kind for name, kind in FIELDS.items() if name != "payee"}}, "major"),
    ],
)
def test_the_part_of_the_version_that_must_move(tmp_path, new, part):
    found = compared(tmp_path, **new)
    assert found.part == part
    assert not found.is_told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("1.2.3", "2.0.0", True),
        ("1.2.3", "1.3.0", False),
        ("0.2.0", "0.3.0", True),
        ("0.2.0", "0.2.1", False),
        ("1.9.0", "1.10.0", False),
    ],
)
def test_a_breaking_change_must_be_told_by_the_version(tmp_path, old, new, told):
    before = package(tmp_path / "old", version=old)
    after = package(
        tmp_path / "new", version=new, fields={name: kind for name, kind in FIELDS.items() if name != "payee"}
    )
    assert compare(before, after).is_told is told


def test_the_changelog_counts_rows_and_pounds_of_each_body(tmp_path):
    said = changelog(
        compared(
            tmp_path, rows=[("a1", "northbeck", "ACME", "10.00"), *PAYMENTS[2:], ("c1", "eastmoor", "Dale", "7.50")]
        )
    )
    assert "| eastmoor | 1 | 7.50 | 0 | 0.00 | 0 |" in said
    assert "| northbeck | 0 | 0.00 | 1 | 20.00 | 1 |" in said


def test_a_folder_without_a_package_is_named(tmp_path):
    with pytest.raises(NothingToCompare, match=r"holds no data package"):
        compare(tmp_path, tmp_path)


# --- figures ---

E1 = ("f-1", "northbeck", "2023-24", "e1-stays-in-the-area", "ok", 0.40, 0.60)
E2 = ("f-2", "northbeck", "2023-24", "e2-small", "nothing-known", None, None)
E3 = ("f-3", "eastmoor", "2023-24", "e1-stays-in-the-area", "ok", 0.10, 0.20)


def figures(place, *rows):
    names = ("figure_id", "publisher", "period", "measure", "status", "low", "high")
    types = [pa.string()] * 5 + [pa.float64()] * 2
    columns = zip(*rows, strict=True)
    pq.write_table(pa.table([pa.array(c, t) for c, t in zip(columns, types, strict=True)], names), place)
    return place


def test_figures_that_say_something_else_are_told_before_and_after(tmp_path):
    new = ("f-4", "eastmoor", "2024-25", "e1-stays-in-the-area", "ok", 0.3, 0.4)
    moved = (*E1[:5], 0.50, 0.70)
    known = (*E2[:4], "ok", 0.1, 0.9)
    found = figures_moved(
        figures(tmp_path / "old.parquet", E1, E2, E3), figures(tmp_path / "new.parquet", moved, known, new)
    )
    assert [(one.figure_id, one.is_new, one.is_gone) for one in found] == [
        ("f-3", False, True),
        ("f-4", True, False),
        ("f-1", False, False),
        ("f-2", False, False),
    ]
    assert found[2].by == pytest.approx(0.1)
    assert (found[2].low_before, found[2].high_after) == (0.40, 0.70)
    assert (found[3].status_before, found[3].status_after, found[3].by) == ("nothing-known", "ok", 0.0)


def test_figures_that_say_the_same_have_not_moved(tmp_path):
    again = (*E1[:5], 0.40 + 1e-13, 0.60)
    assert figures_moved(figures(tmp_path / "a.parquet", E1, E2), figures(tmp_path / "b.parquet", again, E2)) == []


# --- whole releases ---


def release(folder, packages, *rows):
    """A release as it is published: ZIP files, and the table of figures."""
    folder.mkdir()
    for name, more in packages.items():
        scratch = folder.parent / f"{folder.name} {name}"
        package(scratch, **more)
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as pack:
            for path in scratch.iterdir():
                pack.write(path, f"{name}/{path.name}")
    figures(folder / "figures.parquet", *rows)
    return folder


def test_a_release_is_compared_package_by_package(tmp_path):
    north, east = PAYMENTS[:2], PAYMENTS[2:]
    every = {"local-pound": {}, "northbeck": {"rows": north}, "eastmoor": {"rows": east}}
    old = release(tmp_path / "old", every, E1, E3)
    more = [*east, ("c1", "eastmoor", "Dale", "7.50")]
    changed = {"local-pound": {"rows": [*PAYMENTS, more[-1]]}, "northbeck": {"rows": north}, "eastmoor": {"rows": more}}
    new = release(tmp_path / "new", changed, (*E1[:5], 0.5, 0.7), E3)
    whole, packages = compare_releases(old, new)
    assert whole.part == "minor"
    assert [(one.publisher, one.added) for one in whole.moved] == [("eastmoor", 1)], "counted once, not again for all"
    write_changes(whole, packages, tmp_path / "changes")
    with zipfile.ZipFile(tmp_path / "changes" / "changelogs.zip") as pack:
        assert "| eastmoor | 1 | 7.50 |" in pack.read("eastmoor.md").decode()
        said = pack.read("northbeck.md").decode()
    assert "No payment was added" in said
    assert "| northbeck | 2023-24 | e1-stays-in-the-area | 0.4 to 0.6 | 0.5 to 0.7 |" in said
    assert "1 moved, 0 are new, 0 are gone" in (tmp_path / "changes" / "CHANGELOG.md").read_text()
    assert len((tmp_path / "changes" / "figures-moved.csv").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("fields", "told"),
    [({name: kind for name, kind in FIELDS.items() if name != "payee"}, "is gone"), (FIELDS | {"amount": "string"}, "was number")],
    ids=["removed", "retyped"],
)  # fmt: skip
def test_a_release_that_breaks_more_than_its_version_says_stops(tmp_path, fields, told):
    old = release(tmp_path / "old", {"northbeck": {"rows": PAYMENTS[:2]}}, E1)
    new = release(tmp_path / "new", {"northbeck": {"rows": PAYMENTS[:2], "fields": fields}}, E1)
    done = local_pound("compare", old, new, check=False)
    assert done.returncode == 1
    assert told in done.stdout
    assert "does not say" in done.stderr
    major = release(tmp_path / "major", {"northbeck": {"rows": PAYMENTS[:2], "fields": fields, "version": "2.0.0"}}, E1)
    assert local_pound("compare", old, major).returncode == 0


def test_a_package_that_is_gone_is_told(tmp_path):
    old = release(tmp_path / "old", {"northbeck": {"rows": PAYMENTS[:2]}, "eastmoor": {"rows": PAYMENTS[2:]}}, E1)
    new = release(tmp_path / "new", {"northbeck": {"rows": PAYMENTS[:2]}}, E1)
    whole, _ = compare_releases(old, new)
    assert whole.broken == ("The package `eastmoor` is gone.",)


def test_no_field_that_was_promised_is_gone_or_of_another_type(sample_build):
    """Whoever changes fields on purpose writes the file anew from the message; the next release's version then tells it."""
    now: dict[str, dict[str, str]] = {}
    for name in ("all", "suppliers"):
        descriptor = json.loads((sample_build / "packages" / name / "datapackage.json").read_text(encoding="utf-8"))
        now |= {f"{name}/{table}": fields for table, fields in fields_of(descriptor).items()}
    promised = json.loads(RELEASED.read_text(encoding="utf-8"))
    broken, new = fields_moved(promised["fields"], now)
    said = json.dumps({"fields": now}, indent=1, sort_keys=True)
    assert not broken, f"{broken} breaks programs of others; {RELEASED.name} would be:\n{said}"
    assert not new, f"{new}: promise it in {RELEASED.name}:\n{said}"


# --- the version of a build, from the manifest of the release before ---

TABLES = {"payments": {"payment_id": "string", "amount": "number"}}
CONTENTS = {
    "northbeck": {"made_of": "a", "payments": {"sha256": "1", "rows": 2, "pounds": "30.00"}},
    "local-pound": {"made_of": "b"},
}
MANIFEST = {"version": "0.2.3", "tables": TABLES, "packages": [{"name": name, **own} for name, own in CONTENTS.items()]}


def differing(**more):
    return CONTENTS | {"northbeck": CONTENTS["northbeck"] | more}


@pytest.mark.parametrize(
    ("tables", "contents", "figures", "part", "version"),
    [
        (TABLES, CONTENTS, (E1,), "none", "0.2.3"),
        (TABLES, differing(made_of="c"), (E1,), "patch", "0.2.4"),
        (TABLES, CONTENTS, ((*E1[:5], 0.1, 0.2),), "patch", "0.2.4"),
        (TABLES, CONTENTS, (E1, E3), "minor", "0.2.4"),
        (TABLES, differing(made_of="c", payments={"sha256": "2"}), (E1,), "minor", "0.2.4"),
        (TABLES, CONTENTS | {"eastmoor": {"made_of": "d"}}, (E1,), "minor", "0.2.4"),
        ({"payments": TABLES["payments"] | {"date": "date"}}, CONTENTS, (E1,), "minor", "0.2.4"),
        ({"payments": {"payment_id": "string", "amount": "string"}}, CONTENTS, (E1,), "major", "0.3.0"),
        ({"payments": {"payment_id": "string"}}, CONTENTS, (E1,), "major", "0.3.0"),
        (TABLES, {"local-pound": {"made_of": "b"}}, (E1,), "major", "0.3.0"),
    ],
    ids=["nothing", "made otherwise", "a figure moved", "a new figure", "other payments", "a new package", "a new field",
         "a field of another type", "a field gone", "a package gone"],
)  # fmt: skip
def test_the_version_of_a_build_moves_as_far_as_what_changed(tmp_path, tables, contents, figures, part, version):
    old, new = figures_of(tmp_path / "old", E1), figures_of(tmp_path / "new", *figures)
    assert (
        part_since(MANIFEST, tables, contents, figures_moved(old / "figures.parquet", new / "figures.parquet")) == part
    )
    (old / "manifest.json").write_text(json.dumps(MANIFEST))
    assert version_after(old, tables, contents, new / "figures.parquet") == version
    assert is_told(part, MANIFEST["version"], version)


def figures_of(folder, *rows):
    folder.mkdir()
    figures(folder / "figures.parquet", *rows)
    return folder


@pytest.mark.parametrize(
    ("part", "version"), [("none", "1.2.3"), ("patch", "1.2.4"), ("minor", "1.3.0"), ("major", "2.0.0")]
)
def test_from_version_one_on_each_part_has_its_number(part, version):
    assert next_version("1.2.3", part) == version
    assert is_told(part, "1.2.3", version)


def test_a_build_that_is_compared_with_no_release_says_the_first_version(monkeypatch, tmp_path):
    monkeypatch.delenv(SETTING, raising=False)
    assert last_release() is None
    assert version_after(None, TABLES, CONTENTS, tmp_path) == FIRST
    monkeypatch.setenv(SETTING, str(tmp_path))
    with pytest.raises(NotARelease, match=r"there is no manifest\.json in it"):
        last_release()


def test_packages_of_the_last_release_are_brought_when_their_turn_comes_and_go_again(tmp_path):
    bodies = {"northbeck": {"rows": PAYMENTS[:2]}, "eastmoor": {"rows": PAYMENTS[2:]}, "local-pound": {}}
    old = release(tmp_path / "old", bodies, E1)
    more = [*PAYMENTS[2:], ("c1", "eastmoor", "Dale", "7.50")]
    new = release(tmp_path / "new", bodies | {"eastmoor": {"rows": more}}, E1)
    for folder, made in ((old, "1"), (new, "2")):
        packages = [
            {"name": name, "version": "1.0.0", "zip": {"path": f"{name}.zip"}, "made_of": "0" if name == "northbeck" else made}
            for name in bodies
        ]  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps({"packages": packages}))
    assets = tmp_path / "assets"
    assets.mkdir()
    for place in old.glob("*.zip"):
        place.rename(assets / place.name)
    (old / "tag").write_text("data-2026-05-04")
    asked = []

    def gh(arguments):
        asked.append(arguments[4])
        shutil.copy(assets / arguments[4], old)
        return ""

    whole, packages = compare_releases(old, new, bringing(old, gh))
    assert asked == ["eastmoor.zip", "local-pound.zip"], "northbeck was made of the same"
    assert not list(old.glob("*.zip"))
    assert [(one.publisher, one.added) for one in whole.moved] == [("eastmoor", 1)]
    assert packages["northbeck"].part == "none"


def test_of_the_last_release_manifest_and_figures_are_brought(tmp_path):
    asked = []

    def gh(arguments):
        asked.append(tuple(arguments[:3]) + tuple(arguments[4:5]))
        return "archive\ndata-2026-04-27\ndata-2026-05-04\n" if arguments[1] == "list" else ""

    tmp_path.joinpath("old").mkdir()
    assert bring_last(tmp_path / "old", gh) == "data-2026-05-04"
    assert asked[1:] == [
        ("release", "download", "data-2026-05-04", "manifest.json"),
        ("release", "download", "data-2026-05-04", "figures.parquet"),
    ]
    assert bringing(tmp_path / "old") is not None
    assert bring_last(tmp_path / "none", lambda arguments: "archive\n") == ""
    assert bringing(tmp_path) is None
