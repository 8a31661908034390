"""Who asks to be taken down is masked everywhere, also when the line is published again; the sums stay."""

import shutil

import pandas as pd
import pytest

from dagster_project.declare.takedowns import load_takedowns
from dagster_project.declare.vocabulary import VocabularyError
from dagster_project.model.problems import Problem
from dagster_project.stages.masking import fingerprint, mask_lines
from dagster_project.stages.plan import Plan
from dagster_project.stages.takedowns import NothingToTakeDown, take_down
from dagster_project.tidy.leaks import MASK
from tests.conftest import HOUSE, local_pound

HEAD = "fingerprint,publisher,kind,when,why\n"


def listed(tmp_path, *rows):
    path = tmp_path / "takedowns.csv"
    path.write_text(HEAD + "".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return load_takedowns(path)


def lines(*rows):
    columns = ["payee", "date", "month", "pence", "table", "record"]
    frame = pd.DataFrame(rows, columns=columns)
    others = ("reference", "purpose", "payee_reference", "payee_postcode", "company_number", "charity_number",
              "vat_number", "contract_reference")  # fmt: skip
    return frame.assign(**dict.fromkeys(others, "")).assign(purpose="Care for Mr Invented", department="Care")


TWO = lines(
    ("Ines Invented", "2024-05-03", "2024-05", 61250, 1, 2), ("INES INVENTED.", "2024-05-10", "2024-05", 61250, 1, 3),
    ("Beck Paving Ltd", "2024-05-10", "2024-05", 98000, 1, 4),
)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "masked"),
    [
        ((fingerprint("northbeck", "Ines Invented"), "northbeck", "payee"), [True, True, False]),
        ((fingerprint("", "ines invented"), "", "payee"), [True, True, False]),
        ((fingerprint("saltmere", "Ines Invented"), "saltmere", "payee"), [False, False, False]),
        (
            (fingerprint("northbeck", "Ines Invented", "2024-05-10", 61250), "northbeck", "payment"),
            [False, True, False],
        ),
    ],
)
def test_a_payee_goes_in_every_spelling_and_a_payment_alone(tmp_path, row, masked):
    said = [Problem("odd-date", "Read “Ines Invented” as it is.", 1, 3, "payee", "Ines Invented")]
    found = mask_lines(TWO, said, "northbeck", listed(tmp_path, (*row, "2024-06-01", "personal data")))
    assert list(found.lines["payee"] == MASK) == masked
    assert list(found.lines["purpose"] == MASK) == masked
    assert (found.lines["department"] == "Care").all()
    assert list(found.lines["pence"]) == list(TWO["pence"])
    told = [problem for problem in found.problems if problem.code == "taken-down"]
    assert [problem.record for problem in told] == [
        record for record, is_ in zip((2, 3, 4), masked, strict=True) if is_
    ]
    if masked[1]:
        assert "Ines" not in str(found.problems)
        assert "since 2024-06-01: personal data" in told[0].did


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("Ines Invented", "", "payee", "2024-06-01", "safety"), "expected 64 hex digits"),
        (("0" * 64, "", "payee", "June", "safety"), "expected a day"),
        (("0" * 64, "", "payment", "2024-06-01", "safety"), "give its publisher"),
        (("0" * 64, "", "payee", "2024-06-01", "Ines was unhappy"), "is not a why"),
    ],
)
def test_the_list_is_read_strictly(tmp_path, row, says):
    with pytest.raises(VocabularyError, match=says):
        listed(tmp_path, row)


def test_one_command_finds_it_lists_it_and_names_what_to_replace(sample_build, tmp_path):
    path = tmp_path / "takedowns.csv"
    path.write_text(HEAD, encoding="utf-8")
    payments = pd.read_parquet(sample_build / "packages" / "northbeck" / "payments.parquet").dropna(subset=["payee"])
    one = payments.iloc[0]
    said = take_down(Plan(out=str(sample_build)), one["payment_id"], "", "personal data", None, path)
    assert one["line_id"] in said
    assert "northbeck.zip" in said
    assert "local-pound.zip" in said
    assert one["payee"] not in said + path.read_text(encoding="utf-8")
    assert [(row.publisher, row.kind, row.why) for row in load_takedowns(path)] == [
        ("northbeck", "payment", "personal data")
    ]
    take_down(Plan(out=str(sample_build)), one["payment_id"], "", "personal data", None, path)
    assert len(load_takedowns(path)) == 1
    with pytest.raises(NothingToTakeDown, match="No payment of this build"):
        take_down(Plan(out=str(sample_build)), "Nobody At All Ltd", "", "safety", None, path)
    with pytest.raises(NothingToTakeDown, match="is not a reason"):
        take_down(Plan(out=str(sample_build)), one["payment_id"], "", "unwelcome", None, path)


def test_a_build_after_it_holds_the_name_nowhere_and_the_same_pounds(tmp_path):
    """The whole way, in a copy of the project with a list of its own."""
    for name in ("dagster_project", "datapackages/vocabulary", "datapackages/schemas", "datapackages/measures",
                 "datapackages/registers", "datapackages/decisions", "site", "benchmarks"):  # fmt: skip
        if (HOUSE / name).is_dir():
            shutil.copytree(HOUSE / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "datapackages" / "sample").mkdir()
    for name in ("mkdocs.yml", "datapackages/publishers.csv", "datapackages/sample/publishers.csv"):
        shutil.copy(HOUSE / name, tmp_path / name)
    folder = tmp_path / "in" / "kelderby"
    folder.mkdir(parents=True)
    shutil.copy(HOUSE / "datapackages" / "sample" / "publishers.csv", folder.parent)
    (folder / "april.csv").write_text(
        "Payment Date,Supplier Name,Net Amount,Purpose\n03/04/2024,Ines Invented,612.50,For Ines Invented\n"
        "04/04/2024,Beck Paving Ltd,980.00,Paving\n", encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "datapackages" / "decisions" / "takedowns.csv").write_text(
        HEAD + f"{fingerprint('', 'Ines Invented')},,payee,2024-06-01,safety\n", encoding="utf-8"
    )
    local_pound("build", "--from", tmp_path / "in", "--out", tmp_path / "out", house=tmp_path)
    published = [p for part in ("packages", "portal") for p in (tmp_path / "out" / part).rglob("*") if p.is_file()]
    holding = [path for path in published if path.suffix != ".zip" and b"Ines Invented" in path.read_bytes()]
    assert (len(published) > 50, holding) == (True, [])
    payments = pd.read_csv(tmp_path / "out" / "packages" / "kelderby" / "payments.csv")
    assert payments["amount"].sum() == 1592.5
    problems = pd.read_csv(tmp_path / "out" / "packages" / "kelderby" / "problems.csv")
    assert "taken-down" in set(problems["code"])
