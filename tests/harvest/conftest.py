"""What tests of harvesting share: a web of their own, a store, and an invented body with three months of files."""

import pytest
from local_web import LocalWeb, Page
from sites import HOST, csv_of, listing, source

from dagster_project.store import Store


@pytest.fixture
def web():
    found = LocalWeb()
    yield found
    found.close()


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "build"))


@pytest.fixture
def northbeck(web):
    web.site(
        HOST, {"/spend": listing(1, 2, 3), **{f"/f/spend-{m:02d}-2025.csv": Page(csv_of(m)) for m in (1, 2, 3, 4)}}
    )
    return source(web)
