"""Packages of single years, where a whole one is larger than what a portal carries."""

import io
import json
import shutil
import zipfile
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest

from dagster_project.package import check_package, write_zip
from dagster_project.stages import packaging, printing, printing_wider, unpacked
from dagster_project.stages.checks import invalid_packages
from dagster_project.stages.comparing import fields_of
from dagster_project.stages.counting import count_payments, load_registers
from dagster_project.stages.measuring import compute_figures, make_league_tables
from dagster_project.stages.naming import name_all_payees
from dagster_project.stages.packaging import write_packages
from dagster_project.stages.plan import Plan
from dagster_project.stages.reading import archive_files, read_files
from dagster_project.stages.supplier_figures import verify_supplier
from dagster_project.stages.suppliers import gather_suppliers
from dagster_project.stages.verifying import verify_figure
from dagster_project.stages.verifying_packages import verify_package
from dagster_project.stages.versions import FIRST, SETTING
from tests.conftest import HOUSE

BODIES = {"kelderby": 8, "fenholt": 1}
#: Payments of the first body are larger, of the second smaller.
LARGEST = 100_000


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """A build of two bodies as far as packages, with a small limit."""
    root, patch = tmp_path_factory.mktemp("years"), pytest.MonkeyPatch()
    for body, number in BODIES.items():
        (root / "in" / body).mkdir(parents=True)
        for file in sorted((HOUSE / "datapackages" / "sample" / "spend" / body).iterdir())[:number]:
            shutil.copy(file, root / "in" / body)
    shutil.copy(HOUSE / "datapackages" / "sample" / "publishers.csv", root / "in")
    plan = Plan(source=str(root / "in"), out=str(root / "out"), workers=1)
    for module in (packaging, printing):
        patch.setattr(module, "LARGEST_FILE", LARGEST)
    for stage in (archive_files, read_files, count_payments, load_registers, name_all_payees, gather_suppliers,
                  compute_figures, make_league_tables, write_packages):  # fmt: skip
        stage(plan)
    yield plan
    patch.undo()


def folder_of(plan, package):
    from pathlib import Path

    return Path(plan.store.path(f"packages/{package}"))


def table(folder, name):
    return pd.read_csv(folder / f"{name}.csv", dtype="str", keep_default_na=False)


def years_of(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def test_only_what_is_large_is_divided(plan):
    assert years_of(folder_of(plan, "fenholt")) == []
    assert len(years_of(folder_of(plan, "kelderby"))) > 1
    assert years_of(folder_of(plan, "all"))


@pytest.mark.parametrize("package", ["kelderby", "all"])
def test_the_years_are_the_whole(plan, package):
    folder = folder_of(plan, package)
    parts = pd.concat([table(folder / year, "payments") for year in years_of(folder)])
    whole = table(folder, "payments")
    assert parts.sort_values("payment_id", ignore_index=True).equals(whole.sort_values("payment_id", ignore_index=True))
    for name in ("coverage", "files", "headings", "problems"):
        columns = list(table(folder, name).columns)
        rows = pd.concat([table(folder / year, name) for year in years_of(folder)])
        assert list(rows.columns) == columns
    months = pd.concat([table(folder / year, "coverage") for year in years_of(folder)])
    assert sorted(months["month"]) == sorted(table(folder, "coverage")["month"])


@pytest.mark.parametrize("package", ["kelderby", "all"])
def test_each_year_is_a_package_of_its_own(plan, package):
    for year in years_of(folder_of(plan, package)):
        folder = folder_of(plan, package) / year
        assert check_package(folder / "datapackage.json", rows=None) == []
        descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        assert descriptor["name"] == f"{'local-pound' if package == 'all' else package}-{year}"
        assert set(table(folder, "payments")["file_id"]) <= set(table(folder, "files")["file_id"])
        assert plan.store.exists(f"releases/{descriptor['name']}.zip")
    assert invalid_packages(plan) == []


def test_both_forms_of_a_year_over_all_bodies_hold_the_same(plan):
    for year in years_of(folder_of(plan, "all")):
        folder = folder_of(plan, "all") / year
        parquet = pd.read_parquet(folder / "payments.parquet")
        assert parquet["payment_id"].tolist() == table(folder, "payments")["payment_id"].tolist()
        assert parquet["amount"].map(str).tolist() == table(folder, "payments")["amount"].tolist()


@pytest.mark.parametrize("named", ["kelderby-{year}", "kelderby/{year}", "local-pound-{year}", "{zip}"])
def test_a_year_is_verified_against_the_archive(plan, named):
    year = years_of(folder_of(plan, "kelderby"))[0]
    wanted = named.format(year=year, zip=plan.store.path(f"releases/kelderby-{year}.zip"))
    same, said = verify_package(plan, wanted)
    assert same, said
    assert "every payment recomputed from the archive" in said


def test_nothing_changed_is_the_same_bytes_and_no_work(plan):
    def hashes():
        return {key: plan.store.sha256(key) for part in ("packages", "releases") for key in plan.store.list(part)}

    before = hashes()
    assert write_packages(plan).worked == []
    assert hashes() == before
    plan.store.remove("releases/kelderby.zip")
    assert "kelderby" in write_packages(plan).worked
    assert hashes() == before


def test_pages_name_what_is_too_large_and_link_the_years(plan):
    links = printing.downloads_of(plan, "kelderby")
    carried = {link["href"]: link["is_carried"] for link in links}
    years = years_of(folder_of(plan, "kelderby"))
    assert carried["data/kelderby/payments.csv"] is False
    assert all(carried[f"data/kelderby/{year}/payments.parquet"] for year in years)
    placed = printing.carry_packages(plan)
    assert [link["href"] for link in links if link["is_carried"] and link["href"] not in placed] == []
    assert "data/kelderby/payments.csv" not in placed
    described = {
        f"data/kelderby/{y}/{name}" for y in years for name in ("datapackage.json", "README.md", "manifest.json")
    }
    assert described <= set(placed)


# --- a build with more payments than are laid out: tables lie in ZIP files alone ---


@pytest.fixture(scope="module")
def spare(plan, tmp_path_factory):
    """The same build, whose packages are written again as if it were a large one."""
    place, patch = tmp_path_factory.mktemp("spare") / "out", pytest.MonkeyPatch()
    shutil.copytree(plan.store.path(""), place)
    patch.setenv(unpacked.SETTING, "0")
    for module in (packaging, printing):
        patch.setattr(module, "LARGEST_FILE", LARGEST)
    made = replace(plan, out=str(place))
    write_packages(made)
    yield made
    patch.undo()


def test_tables_lie_in_zip_files_alone(plan, spare):
    left = {path.relative_to(spare.store.path("packages")).as_posix() for path in folder_of(spare, "").rglob("*.*")}
    assert not [path for path in left if path.endswith((".gz", "payments.csv"))]
    year = years_of(folder_of(spare, "kelderby"))[0]
    assert {"kelderby/payments.parquet", "all/figures.parquet", f"all/{year}/datapackage.json"} <= left
    assert not {"all/payments.parquet", f"all/{year}/payments.parquet", f"kelderby/{year}/payments.parquet"} & left
    for key in plan.store.list("releases"):
        assert plan.store.read(key) == spare.store.read(key), key
    assert write_packages(spare).worked == []


def test_a_table_in_a_zip_file_alone_is_looked_after(spare):
    assert invalid_packages(spare) == []
    place = "releases/fenholt.zip"
    whole = spare.store.read(place)
    name, (text, *_) = "fenholt/payments.csv", unpacked.bytes_of(spare.store, "fenholt", "payments.csv").split(b"\r\n")
    with zipfile.ZipFile(io.BytesIO(whole)) as pack, spare.store.writing(place) as out:
        write_zip([(one, text if one == name else pack.read(one)) for one in pack.namelist()], out)
    assert invalid_packages(spare) == ["packages/fenholt/payments.csv: its bytes are not those that were described"]
    spare.store.write(place, whole)


@pytest.mark.parametrize("wanted", ["fenholt", "all", "{folder}", "{zip}", "kelderby-{year}", "suppliers"])
def test_what_lies_in_zip_files_alone_is_verified(spare, wanted):
    year = years_of(folder_of(spare, "kelderby"))[0]
    same, said = verify_package(spare, wanted.format(
        folder=folder_of(spare, "fenholt"), zip=spare.store.path("releases/local-pound.zip"), year=year
    ))  # fmt: skip
    assert same, said
    assert "recomputed from the archive" in said or "from the published payments" in said


def test_a_figure_and_a_supplier_are_worked_out_from_the_payments_of_each_body(plan, spare):
    figure = table(folder_of(plan, "all"), "figures")["figure_id"][0]
    supplier = table(folder_of(plan, "suppliers"), "suppliers")["figure_id"][0]
    assert verify_figure(spare, figure) == verify_figure(plan, figure)
    assert verify_supplier(spare, supplier) == verify_supplier(plan, supplier)
    assert "The same again." in verify_figure(spare, figure)[1]


def test_pages_link_none_of_them(spare):
    carried = [link["href"] for link in printing.downloads_of(spare, "all") if link["is_carried"]]
    assert "data/all/figures.parquet" in carried
    assert not [href for href in carried if "/payments." in href]
    assert set(carried) <= set(printing.carry_packages(spare))


def test_payments_too_large_for_a_zip_file_are_had_by_year(spare, monkeypatch):
    monkeypatch.setattr(packaging, "fitting", partial(unpacked.fitting, member=LARGEST))
    spare.store.remove("packages/all")
    assert write_packages(spare).worked == ["all"]
    with zipfile.ZipFile(spare.store.path("releases/local-pound.zip")) as pack:
        names = {name.partition("/")[2] for name in pack.namelist()}
        assert "as CSV by year" in pack.read("local-pound/README.md").decode()
        assert "payee_missing" in pack.read("local-pound/DICTIONARY.md").decode()
    assert "payments.csv" not in names
    assert {"payments.parquet", "figures.csv", "files.csv"} <= names
    same, said = verify_package(spare, "all")
    assert same, said
    assert set(fields_of(spare.store.read_json("packages/all/datapackage.json"))) >= {"payments", "files"}


def test_the_version_comes_from_what_differs_from_the_last_release(plan, tmp_path, monkeypatch):
    made, before = replace(plan, out=str(tmp_path / "out")), tmp_path / "before"
    shutil.copytree(plan.store.path(""), made.out)
    before.mkdir()
    shutil.copy(folder_of(plan, "all") / "figures.parquet", before)
    manifest = plan.store.read_json("releases/manifest.json")
    assert (manifest["version"], manifest["tables"]["payments"]["amount"]) == (FIRST, "number")
    (before / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    monkeypatch.delenv(unpacked.SETTING, raising=False)
    monkeypatch.setenv(SETTING, str(before))
    assert write_packages(made).worked == [], "the same as the last release"
    assert printing_wider.before_of(made).payments == []
    body = next(one for one in manifest["packages"] if one["name"] == "fenholt")
    rows = body["payments"]["rows"]
    body["payments"] = {"sha256": "other", "rows": rows - 1, "pounds": "1.50"}
    (before / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    write_packages(made)
    said = {
        made.store.read_json(f"packages/{name}/datapackage.json")["version"] for name in (*BODIES, "all", "suppliers")
    }
    assert said == {made.store.read_json("releases/manifest.json")["version"]} == {"0.2.1"}
    (moved,) = printing_wider.before_of(made).payments
    assert (moved["publisher"], moved["was"], moved["is"], moved["was_pence"]) == ("fenholt", rows - 1, rows, 150)
