"""The sample's portal on a loopback address, and a real browser to look at it."""

from __future__ import annotations

import os
import re
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

#: The portal must work in a subfolder, so it is served in one.
FOLDER = "pound"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder under a subfolder, without a word; parts of files too, as hosts of static pages do."""

    def do_HEAD(self):
        self.do_GET(is_head=True)

    def do_GET(self, is_head=False):
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not asked:
            (super().do_HEAD if is_head else super().do_GET)()
            return
        data = Path(self.translate_path(self.path)).read_bytes()
        first, last = int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        if not is_head:
            self.wfile.write(data[first : last + 1])

    def translate_path(self, path):
        return super().translate_path(path.removeprefix(f"/{FOLDER}"))

    def log_message(self, *_):
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server that does not mind a browser that leaves before a page is told to its end."""

    def handle_error(self, *_):
        """Say nothing: what a page lacks is seen by the browser."""


@contextmanager
def serving(folder):
    """Address at which a portal is served meanwhile, ending in a slash."""
    server = Server(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{FOLDER}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def served(portal_dir):
    """Address of the sample's portal."""
    with serving(portal_dir) as address:
        yield address


def chromium() -> str:
    """Where Chromium is."""
    named = os.environ.get("CHROMIUM")
    for place in (
        named,
        "/usr/bin/chromium",
        shutil.which("chromium"),
        shutil.which("chromium-browser"),
        shutil.which("google-chrome"),
    ):
        if place and Path(place).exists():
            return place
    pytest.fail("no Chromium: install Debian's package chromium, or name one in $CHROMIUM")


@pytest.fixture(scope="session")
def browser():
    """One browser for all journeys."""
    expect.set_options(timeout=30_000)  # as every other wait here; five seconds are short on a machine with other work
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser, served):
    """Open a page of the portal; at the end nothing may have been complained of and nothing asked of another host."""
    contexts, faults = [], []

    def go(path, *, width=1280, scheme="light", scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: faults.append(f"{path}: {said.text}"))
        page.on("pageerror", lambda error: faults.append(f"{path}: {error}"))
        page.on(
            "request",
            lambda asked: asked.url.startswith((served, "data:")) or faults.append(f"{path}: asks {asked.url}"),
        )
        page.on("response", lambda told: told.status < 400 or faults.append(f"{path}: {told.status} for {told.url}"))
        page.goto(served + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert faults == []
