"""A web of our own: real HTTP servers on loopback, a site a name, with the faults that real sites have."""

from __future__ import annotations

import gzip
import hashlib
import socket
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dagster_project.harvest.fetching import Fetcher
from dagster_project.harvest.manners import Clock, Limits, PublicOnly, is_loopback

CSV = b"Supplier,Date,Amount\r\nAcme Care Ltd,14/06/2024,1204.50\r\nBeck Paving Ltd,17/06/2024,980.00\r\n"
ERROR_PAGE = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body>We cannot find that page.</body></html>"
WALL_PAGE = b"<!DOCTYPE html><html><body>Please accept cookies to go on.</body></html>"


class FastClock(Clock):
    """Real time, in which sleeping costs none."""

    def __init__(self, day="2026-04-30"):
        self.slept = []
        self._ahead = 0.0
        self._day = datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def now(self):
        return time.monotonic() + self._ahead

    def sleep(self, seconds):
        with self._lock:
            self.slept.append(seconds)
            self._ahead += seconds

    def utc(self):
        return self._day + timedelta(seconds=self._ahead)


@dataclass
class Page:
    """What lies at an address. `say` answers in its own way; it is told how often it was asked, from 1."""

    data: bytes = b""
    content_type: str = "text/csv"
    headers: dict = field(default_factory=dict)
    status: int = 200
    validators: bool = True
    say: object = None

    def answer(self, handler, count):
        if self.say is not None:
            self.say(handler, count, self)
            return
        self.plain(handler)

    def plain(self, handler):
        etag = f'"{hashlib.sha256(self.data).hexdigest()[:16]}"'
        if self.validators and handler.headers.get("If-None-Match") == etag:
            reply(handler, 304, b"", {"ETag": etag})
            return
        kept = {"ETag": etag} if self.validators else {}
        reply(handler, self.status, self.data, {"Content-Type": self.content_type, **kept, **self.headers})


def reply(handler, status, data=b"", headers=None, length=None):
    handler.send_response(status)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    if status != 304:
        handler.send_header("Content-Length", str(len(data) if length is None else length))
    handler.end_headers()
    handler.wfile.write(data)
    handler.server.moved += len(data)


# --- faults ---


def page(data=ERROR_PAGE, status=200):
    return Page(data, "text/html; charset=utf-8", status=status, validators=False)


def moved(to, status=302, headers=None):
    return Page(say=lambda h, _n, _p: reply(h, status, b"", {"Location": to, **(headers or {})}))


def failing(times, status, headers=None, data=CSV):
    """Fails some times, then answers."""

    def say(handler, count, mine):
        if count <= times:
            reply(handler, status, b"later", headers or {})
        else:
            mine.plain(handler)

    return Page(data, say=say)


def cut_short(times=99, data=CSV):
    """Closes the connection before all bytes are sent."""

    def say(handler, count, mine):
        if count > times:
            mine.plain(handler)
            return
        reply(handler, 200, data[: len(data) // 2], {"Content-Type": "text/csv"}, length=len(data))
        handler.close_connection = True

    return Page(data, say=say)


def dripping(seconds=5.0, step=0.02):
    """A byte at a time."""

    def say(handler, _count, _mine):
        handler.send_response(200)
        handler.send_header("Content-Length", str(round(seconds / step)))
        handler.end_headers()
        for _ in range(round(seconds / step)):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(step)

    return Page(say=say)


def bomb(unpacked=200_000_000):
    """Small when sent, large when unpacked."""
    data = gzip.compress(b"0" * 1_000_000) * (unpacked // 1_000_000)
    whole = gzip.compress(b"0" * unpacked, 1) if unpacked <= 20_000_000 else data
    return Page(whole, "text/csv", {"Content-Encoding": "gzip"}, validators=False)


def changing(*versions):
    """Other bytes at the same address each time."""

    def say(handler, count, _mine):
        Page(versions[min(count, len(versions)) - 1]).plain(handler)

    return Page(say=say)


def silent():
    """Takes the request and hangs up."""

    def say(handler, _count, _mine):
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)

    return Page(say=say)


# --- the web ---


@dataclass
class Asked:
    """One request that a server saw: when it began and ended, of which site, for what."""

    began: float
    ended: float
    host: str
    path: str
    headers: dict


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        began = time.monotonic()
        host = self.headers.get("Host", "").split(":", maxsplit=1)[0]
        web = self.server.web
        # Noted before it is answered: who has the answer may look at once.
        asked = Asked(began, began, host, self.path, dict(self.headers))
        with web.lock:
            web.asked.append(asked)
            web.counts[host, self.path] += 1
            count = web.counts[host, self.path]
        site = web.sites.get(host, {})
        found = site.get(self.path) or (Page(b"", status=404) if self.path != "/robots.txt" else page(b"", 404))
        try:
            found.answer(self, count)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True
        finally:
            asked.ended = time.monotonic()

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    moved = 0

    def handle_error(self, *_):
        pass


class LocalWeb:
    """
    Sites by name, all on this machine.

    `web.site("northbeck.test", {"/spend.csv": Page(CSV)})`, then `web.url("northbeck.test", "/spend.csv")`.
    """

    def __init__(self, context=None):
        self.sites, self.asked, self.counts, self.lock = {}, [], Counter(), threading.Lock()
        self.private = {}
        self.scheme = "https" if context else "http"
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.web = self
        if context:
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self.server.server_address[1]
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def site(self, host, pages):
        self.sites.setdefault(host, {}).update(pages)
        return f"{self.scheme}://{host}:{self.port}"

    def url(self, host, path="/"):
        return f"{self.scheme}://{host}:{self.port}{path}"

    def resolve(self, host, port):
        """Names of sites lead to this machine, some to private addresses, all others nowhere; no one is asked."""
        if host in self.private:
            return [self.private[host]]
        if host in self.sites or host.replace(".", "").isdigit():
            return ["127.0.0.1"] if host in self.sites else [host]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def fetcher(self, clock=None, context=None, allowed=is_loopback, **limits):
        return Fetcher(Limits(**limits), clock or FastClock(), PublicOnly(allowed, self.resolve), context)

    def paths(self, host):
        return [asked.path for asked in self.asked if asked.host == host and asked.path != "/robots.txt"]

    @property
    def moved(self):
        return self.server.moved

    def close(self):
        self.server.shutdown()
        self.server.server_close()
