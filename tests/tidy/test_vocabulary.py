"""The vocabulary is read strictly: whoever edits it is told where and what to do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dagster_project.declare.vocabulary import VocabularyError, load_words
from dagster_project.tidy.headings import normal

FOLDER = Path(__file__).parents[2] / "datapackages" / "vocabulary"
ROOMS = Path(__file__).parents[2] / "dagster_project" / "tidy"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "vocabulary"))


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("headings.csv", "paid whom,payees,10,", "`payees` is not a field. Did you mean `payee`?"),
        ("headings.csv", "paid whom,payee,ten,", "rank is `ten`; expected a whole number"),
        ("headings.csv", "supplier,payee,15,", "`supplier payee` is given twice, first on line"),
        ("headings.csv", "paid whom,payee,10", "3 cells where 4 are expected"),
        ("headings.csv", ",payee,10,", "heading is empty"),
        ("heading_rules.csv", "payee,10,,whom,", "no word in heading_words.csv plays the part `whom`"),
        ("redactions.csv", "gone,somewhere", "`somewhere` is not a where"),
        ("problems.csv", "x,grave,us,t,c", "`grave` is not a severity"),
        ("kinds.csv", "x,loans", "`loans` is not a kind"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(folder, file, line, says):
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match=r", line \d+: ") as caught:
        load_words(folder)
    assert says in str(caught.value)
    assert file in str(caught.value)


def test_an_unknown_column_is_refused(folder):
    (folder / "totals.csv").write_text("words\ntotal\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match="columns are words; expected wording"):
        load_words(folder)


def test_a_missing_file_is_named(folder):
    (folder / "totals.csv").unlink()
    with pytest.raises(VocabularyError, match=r"totals\.csv is missing"):
        load_words(folder)


def test_headings_are_written_in_their_normal_form(words):
    assert [h for h in words.phrases if normal(h) != h] == []


def test_every_problem_that_is_raised_is_worded(words):
    places = [*ROOMS.glob("*.py"), *(ROOMS.parent / "stages" / f"{name}.py" for name in ("promises", "masking"))]
    source = "".join(path.read_text(encoding="utf-8") for path in places)
    assert [code for code in words.problems if f'"{code}"' not in source] == []


def test_reading_starts_fast():
    """No heavy library comes in by the back door."""
    code = "import dagster_project.tidy, dagster_project.declare.vocabulary, sys; print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOMS.parents[1]
    )
    assert not {"pandas", "pydantic", "yaml", "dagster", "numpy", "pyarrow"} & set(eval(done.stdout))
