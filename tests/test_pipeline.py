"""The whole way on the embedded sample, held against what its maker knows."""

import csv
import json
import re

import pandas as pd
import pytest

from dagster_project.package import check_package
from tests.conftest import HOUSE, local_pound

SAMPLE = HOUSE / "datapackages" / "sample"


def table(path):
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def pence(text):
    return int(text.replace(".", ""))


def test_every_month_is_counted_once_to_the_penny(sample_build):
    truth = table(SAMPLE / "truth.csv")
    known = {
        (r.publisher, r.dataset_kind, r.month or "undated"): (int(r.rows), int(r.pence)) for r in truth.itertuples()
    }
    coverage = table(sample_build / "packages" / "all" / "coverage.csv")
    found = {(r.publisher, r.dataset_kind, r.month): (int(r.rows), pence(r.amount)) for r in coverage.itertuples()}
    assert found == known


def test_every_file_is_read_or_says_why_not(sample_build):
    truth = {tuple(r.file.split("/", 1)): r for r in table(SAMPLE / "truth_files.csv").itertuples()}
    files = table(sample_build / "packages" / "all" / "files.csv")
    assert {(r.publisher, r.name) for r in files.itertuples()} == set(truth)
    wrong = []
    for file in files.itertuples():
        known = truth[file.publisher, file.name]
        same = (
            (file.status, file.tables) == (known.status, known.tables)
            if known.status == "read"
            else file.status == known.status
        )
        if not same:
            wrong.append((file.publisher, file.name, known.status, known.tables, file.status, file.tables))
    assert wrong == []
    assert all(file.reason for file in files.itertuples() if file.status != "read")


def test_the_keel(sample_build):
    """Rows and pence found = published + rejected + left out, for every file."""
    for file in table(sample_build / "packages" / "all" / "files.csv").itertuples():
        for what in ("rows", "pence"):
            parts = sum(int(getattr(file, f"{what}_{part}")) for part in ("published", "rejected", "left_out"))
            assert int(getattr(file, f"{what}_in")) == parts, file.name


def test_the_summary_says_what_the_packages_hold(sample_build):
    said = (sample_build / "said.txt").read_text(encoding="utf-8")
    payments = table(sample_build / "packages" / "all" / "payments.csv")
    assert f"{len(payments):,} payments, each counted once" in said
    assert re.search(r"^northbeck +\d+", said, re.MULTILINE)


def test_frictionless_accepts_every_package_whole(sample_build):
    for package in sorted((sample_build / "packages").iterdir()):
        assert check_package(package / "datapackage.json", rows=None) == [], package.name


def test_the_package_for_all_is_the_sum_of_the_others(sample_build):
    folders = sorted(p for p in (sample_build / "packages").iterdir() if p.name not in ("all", "suppliers"))
    parts = pd.concat([table(folder / "payments.csv") for folder in folders], ignore_index=True)
    whole = table(sample_build / "packages" / "all" / "payments.csv")
    assert whole.equals(parts)
    assert whole["payment_id"].is_unique
    parquet = pd.read_parquet(sample_build / "packages" / "all" / "payments.parquet")
    assert int(parquet["amount"].sum() * 100) == sum(map(pence, whole["amount"]))


def test_a_share_can_be_recomputed_with_pandas_alone(sample_build):
    """Bounds of one share from the published payments, by the words on its method page."""
    payments = table(sample_build / "packages" / "all" / "payments.csv")
    figures = table(sample_build / "packages" / "all" / "figures.csv")
    spine = table(sample_build / "packages" / "all" / "publishers.csv").set_index("slug")
    row = figures[(figures["measure"] == "e1-stays-in-the-area") & (figures["publisher"] == "kelderby")].iloc[-1]
    own = payments[(payments["publisher"] == "kelderby") & (payments["dataset_kind"] == "payments")].copy()
    year = own["month"].where(own["month"] != "", "0000-00")
    start = year.str[:4].astype(int) - (year.str[5:].astype(int) < 4)
    own = own[start.astype(str) + "-" + ((start + 1) % 100).astype(str).str.zfill(2) == row["period"]]
    own["pence"] = own["amount"].map(pence)
    payee = own["payee"].where(own["redaction"] == "", own["redaction"])
    own["unit"] = own["supplier_id"].where(
        own["supplier_id"] != "", own["payee_class"] + "|" + payee.str.strip().str.lower()
    )
    area = spine.loc["kelderby", "lad_code"]
    sums = {"yes": 0, "no": 0, "unknown": 0}
    for (_, payee_class), lines in own.groupby(["unit", "payee_class"]):
        net, places = lines["pence"].sum(), set(lines["payee_lad_code"]) - {""}
        if net <= 0 or payee_class not in ("supplier", "redacted", "unreadable"):
            continue
        known = payee_class == "supplier" and len({place == area for place in places}) == 1
        sums["unknown" if not known else "yes" if area in places else "no"] += net
    base = sum(sums.values())
    assert pence(row["base"]) == base
    assert float(row["low"]) == sums["yes"] / base
    assert float(row["high"]) == (sums["yes"] + sums["unknown"]) / base


@pytest.mark.parametrize("body", ["northbeck", "kelderby", "department-for-ferries"])
def test_any_payment_on_a_page_can_be_traced_to_its_published_line(sample_build, body):
    page = next((sample_build / "portal" / "bodies" / body).glob("*/payments/index.html")).read_text(encoding="utf-8")
    shown = re.findall(r'id="p-([0-9a-f]{16})"', page)
    payments = {
        row["payment_id"]: row
        for row in csv.DictReader(
            (sample_build / "packages" / body / "payments.csv").open(encoding="utf-8", newline="")
        )
    }
    assert shown
    for payment_id in (shown[0], shown[-1]):
        said = local_pound("trace", payment_id, "--out", sample_build).stdout
        payment = payments[payment_id]
        published = said.split("As published:")[1]
        digits = f"{abs(float(payment['amount'])):.2f}".rstrip("0").rstrip(".")
        assert digits in published.replace(",", "")
        assert payment["line_id"].split(":")[2] in said


def test_trace_says_what_it_looked_for(sample_build):
    done = local_pound("trace", "0" * 16, "--out", sample_build, check=False)
    assert done.returncode == 1
    assert f"No payment {'0' * 16}" in done.stderr
    assert "expected 16 hex digits" in local_pound("trace", "northbeck", "--out", sample_build, check=False).stderr


def test_leaks_are_masked_in_everything_that_is_published(sample_build):
    """What looks like private data stays in the archive and is in no package and on no page."""
    files = table(sample_build / "packages" / "all" / "files.csv")
    assert files["suppressed"].astype(int).sum() > 0
    national_insurance = re.compile(
        rb"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b|\bQQ ?\d\d ?\d\d ?\d\d ?[A-D]\b"
    )
    e_mail = re.compile(rb"[A-Za-z0-9._-]+@[a-z0-9-]+\.(?:invalid|example|com|org)")
    for path in [*(sample_build / "packages").rglob("*.csv"), *(sample_build / "portal" / "bodies").rglob("*.html")]:
        data = path.read_bytes()
        assert not national_insurance.search(data), path
        assert not e_mail.search(data), path


def test_descriptors_name_every_source(sample_build):
    descriptor = json.loads((sample_build / "packages" / "northbeck" / "datapackage.json").read_text(encoding="utf-8"))
    files = table(sample_build / "packages" / "northbeck" / "files.csv")
    assert len(descriptor["sources"]) == len(files)
    assert "INVENTED DATA" in descriptor["description"]
    assert "created" not in descriptor
