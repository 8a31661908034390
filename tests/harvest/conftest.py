"""What tests of harvesting share: a web of their own."""

import pytest
from local_web import LocalWeb


@pytest.fixture
def web():
    found = LocalWeb()
    yield found
    found.close()
