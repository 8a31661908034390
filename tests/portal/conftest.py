"""One invented portal, printed once, for the tests that look at pages."""

from __future__ import annotations

import pytest

from tests.portal import invented
from tests.portal.printing import print_portal


@pytest.fixture(scope="session")
def printed(tmp_path_factory):
    """Folder of a portal of invented bodies, and its shell."""
    out = tmp_path_factory.mktemp("portal")
    return out, print_portal(out, tmp_path_factory.mktemp("work") / "pages", invented.site())


@pytest.fixture(scope="session")
def pages(printed):
    """Path to text, of every page."""
    out, _ = printed
    return {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in sorted(out.rglob("*.html"))}
