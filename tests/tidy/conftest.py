"""What the tests of reading share: the project's own vocabulary."""

from pathlib import Path

import pytest

from dagster_project.declare.vocabulary import load_words
from dagster_project.model.words import Words

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def words() -> Words:
    """The vocabulary of the project."""
    return load_words(ROOT / "datapackages" / "vocabulary")
