"""Packages of single years, where a whole one is larger than what a portal carries."""

import json
import shutil

import pandas as pd
import pytest

from dagster_project.package import check_package
from dagster_project.stages import packaging, printing
from dagster_project.stages.checks import invalid_packages
from dagster_project.stages.counting import count_payments, load_registers
from dagster_project.stages.measuring import compute_figures, make_league_tables
from dagster_project.stages.naming import name_all_payees
from dagster_project.stages.packaging import write_packages
from dagster_project.stages.plan import Plan
from dagster_project.stages.reading import archive_files, read_files
from dagster_project.stages.suppliers import gather_suppliers
from dagster_project.stages.verifying_packages import verify_package
from tests.conftest import HOUSE

BODIES = {"kelderby": 8, "fenholt": 1}
#: Payments of the first body are larger, of the second smaller.
LARGEST = 60_000


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
