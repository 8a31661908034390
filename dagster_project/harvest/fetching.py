"""Asks the web, politely, and says of every attempt what became of it."""

from __future__ import annotations

import ssl
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urljoin, urlsplit

import httpcore
import httpx

from dagster_project.harvest.contents import WALL, Unpacking, is_page
from dagster_project.harvest.manners import (
    Clock,
    Limits,
    NoAddress,
    NotPublic,
    PublicOnly,
    Rules,
    Turns,
    rules_from,
    user_agent,
)
from dagster_project.harvest.outcomes import OUTCOMES, WELL

#: What says that a website, and not one file of it, is out of order.
SILENT = ("no-address", "no-connection", "no-answer", "certificate", "certificate-expired", "certificate-chain")
#: Cookies say who visits. What a redirect sets is sent to the same host on the way to the file, since some servers give
#: nothing else; it is forgotten then, and never written down.
NOT_KEPT = ("set-cookie",)


@dataclass(frozen=True)
class Attempt:
    """
    One request and what was answered.

    Attributes:
        url: What was asked for.
        outcome: A key of `OUTCOMES`.
        status: 0 where there was no answer.
        final_url: Where the answer came from, after redirects.
        at: UTC, ISO, to the second.
        elapsed: Milliseconds.
        wire: Bytes that were moved, packed as they came.
        data: The answer's bytes, unpacked; empty unless something was had.
        hops: Addresses on the way, `status address`.
    """

    url: str
    outcome: str
    status: int = 0
    final_url: str = ""
    at: str = ""
    elapsed: int = 0
    wire: int = 0
    error: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    hops: tuple[str, ...] = ()
    data: bytes = b""

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to complain of."""
        return self.outcome in WELL


class _Trouble(Exception):
    """An answer that is no use: `outcome` says why, `attempt` how far it came, where that is known."""

    def __init__(self, outcome: str, said: str = "", attempt: Attempt | None = None, wire: int = 0) -> None:
        super().__init__(said or OUTCOMES[outcome].title)
        self.outcome, self.attempt, self.wire = outcome, attempt, wire


#: Called with every attempt, also with those that are tried again.
Note = Callable[[Attempt], None]


class _Transport(httpx.HTTPTransport):
    """httpx's own, over connections that check where they go."""

    def __init__(self, context: ssl.SSLContext, backend: httpcore.NetworkBackend) -> None:
        super().__init__(verify=context, http2=True, trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=100, keepalive_expiry=30, http1=True, http2=True,
            network_backend=backend,
        )  # fmt: skip


class Fetcher:
    """
    Asks for addresses; safe to use from several threads.

    Args:
        limits: How much we ask of a website.
        clock: The time.
        backend: Makes connections; by default to public addresses only.
        context: Which certificates are trusted.
        contact: Where to complain; said with every request.
    """

    def __init__(
        self, limits: Limits | None = None, clock: Clock | None = None,
        backend: httpcore.NetworkBackend | None = None, context: ssl.SSLContext | None = None,
        contact: str = "",
    ) -> None:  # fmt: skip
        self.limits, self.clock = limits or Limits(), clock or Clock()
        self.turns = Turns(self.clock, self.limits.delay)
        self._client = httpx.Client(
            transport=_Transport(context or httpx.create_ssl_context(trust_env=False), backend or PublicOnly()),
            headers={"User-Agent": user_agent(contact), "Accept": "*/*", "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(self.limits.read, connect=self.limits.connect, pool=None),
            follow_redirects=False, trust_env=False,
        )  # fmt: skip
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._down: Counter[str] = Counter()
        self._shut: dict[str, str] = {}

    def close(self) -> None:
        """Close what is open."""
        self._client.close()

    def fetch(
        self, url: str, note: Note, known: Mapping[str, str] | None = None, want: str = "file", tries: int = 0
    ) -> Attempt:
        """
        Ask for an address until there is an answer that stands.

        Args:
            note: Told of every attempt.
            known: Headers of the answer that we have already (`etag`, `last-modified`): asked whether it changed.
            want: `file`, for which a page is no answer; `page` or `json` otherwise.
            tries: How often to ask at most; as the limits say where 0.

        Returns:
            The last attempt.
        """
        if (outcome := self._shut.get(host_of(url))) is not None:
            said = "Not asked: this website gave no answer before, or asked to be left alone for longer than this run."
            attempt = Attempt(url, outcome, at=stamp(self.clock.utc()), final_url=url, error=said)
            note(attempt)
            return attempt
        tries = tries or self.limits.tries
        for number in range(tries):
            attempt = self._attempt(url, note, known or {}, want)
            note(attempt)
            if not OUTCOMES[attempt.outcome].again or number + 1 == tries:
                break
            wait = max(self.limits.backoff * 2**number, self._asked_to_wait(attempt))
            if wait > self.limits.patience:
                self._shut[host_of(attempt.final_url)] = attempt.outcome
                break
            self.turns.hold(host_of(attempt.final_url), wait)
        self._note_host(attempt)
        return attempt

    def _note_host(self, attempt: Attempt) -> None:
        """A website that gave no answer to several addresses in a row is left alone for the rest of the run."""
        host = host_of(attempt.final_url)
        with self._lock:
            self._down[host] = self._down[host] + 1 if attempt.outcome in SILENT else 0
            if self._down[host] >= self.limits.silences:
                self._shut[host] = attempt.outcome

    def _asked_to_wait(self, attempt: Attempt) -> float:
        said = attempt.headers.get("retry-after", "").strip()
        if said.isdecimal():
            return float(said)
        try:
            when = parsedate_to_datetime(said)
        except ValueError:
            return 0.0
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - self.clock.utc()).total_seconds())

    def _attempt(self, url: str, note: Note, known: Mapping[str, str], want: str) -> Attempt:
        """One attempt, redirects followed."""
        started = self.clock.now()
        attempt = Attempt(url, "had", at=stamp(self.clock.utc()), final_url=url)
        try:
            attempt = self._follow(attempt, note, known, want)
        except _Trouble as trouble:
            attempt = _spoiled(attempt, trouble)
        return replace(attempt, elapsed=round((self.clock.now() - started) * 1000))

    def _follow(self, attempt: Attempt, note: Note, known: Mapping[str, str], want: str) -> Attempt:
        """Ask, and go where the answer says, until it is an answer that stands."""
        seen: set[str] = set()
        cookies: dict[str, dict[str, str]] = {}
        while True:
            self._check(attempt, note)
            attempt, new = self._hop(attempt, known, want, cookies.get(host_of(attempt.final_url), {}))
            if not is_redirect(attempt):
                _judge(attempt, want)
                return replace(attempt, outcome="unchanged" if attempt.status == 304 else "had")
            seen.add(attempt.final_url)
            cookies.setdefault(host_of(attempt.final_url), {}).update(new)
            step = urldefrag(urljoin(attempt.final_url, attempt.headers["location"]))[0]
            attempt = replace(attempt, hops=(*attempt.hops, f"{attempt.status} {step}"), final_url=step)
            if (step in seen and not new) or len(attempt.hops) > self.limits.redirects:
                raise _Trouble("cookie-wall" if any(cookies.values()) else "redirect-loop", attempt=attempt)

    def _check(self, attempt: Attempt, note: Note) -> None:
        """Refuse what is no address of the web, and what robots.txt asks us not to fetch."""
        parts = urlsplit(attempt.final_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _Trouble("not-public", f"{attempt.final_url} is no address of the web", attempt)
        rules = self.rules(attempt.final_url, note)
        if not rules.allow(attempt.final_url):
            raise _Trouble("robots" if rules.known else "robots-unknown", attempt=attempt)

    def rules(self, url: str, note: Note) -> Rules:
        """What the robots.txt of an address's website says to us; asked for once in a run."""
        host = host_of(url)
        with self._lock:
            lock = self._locks.setdefault(host, threading.Lock())
        with lock:
            if host not in self._rules:
                self._rules[host] = self._ask_rules(urljoin(url, "/robots.txt"), note)
                self.turns.slow_down(host, self._rules[host].delay)
            return self._rules[host]

    def _ask_rules(self, url: str, note: Note) -> Rules:
        for number in range(self.limits.tries):
            attempt = self._ask_once(url)
            note(attempt)
            if not OUTCOMES[attempt.outcome].again or number + 1 == self.limits.tries:
                break
            wait = max(self.limits.backoff * 2**number, self._asked_to_wait(attempt))
            if wait > self.limits.patience:
                break
            self.turns.hold(host_of(url), wait)
        if attempt.outcome in ("no-address", "not-public") or attempt.outcome.startswith("certificate"):
            return Rules()  # the address itself will say the same, and that is the trouble to record
        return rules_from(attempt.status, attempt.data[:500_000].decode("utf-8", "replace"))

    def _ask_once(self, url: str) -> Attempt:
        """Ask for robots.txt, which no robots.txt guards."""
        attempt = Attempt(url, "had", at=stamp(self.clock.utc()), final_url=url)
        try:
            for _ in range(self.limits.redirects):
                attempt, _ = self._hop(attempt, {}, "page", {})
                if not is_redirect(attempt):
                    break
                attempt = replace(attempt, final_url=urljoin(attempt.final_url, attempt.headers["location"]))
            _judge(attempt, "rules")
        except _Trouble as trouble:
            attempt = _spoiled(attempt, trouble)
        return attempt

    def _hop(
        self, attempt: Attempt, known: Mapping[str, str], want: str, cookies: Mapping[str, str]
    ) -> tuple[Attempt, dict[str, str]]:
        """One request and its answer, and the cookies that the answer brought."""
        url, headers = attempt.final_url, {}
        if want == "json":
            headers["Accept"] = "application/json"
        for theirs, ours in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")):
            if known.get(theirs):
                headers[ours] = known[theirs]
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        new: dict[str, str] = {}
        try:
            with self.turns.turn(host_of(url)):
                deadline = self.clock.now() + self.limits.whole
                with self._client.stream("GET", url, headers=headers) as response:
                    kept = {name: value for name, value in response.headers.items() if name not in NOT_KEPT}
                    new = dict(response.cookies)
                    attempt = replace(attempt, status=response.status_code, headers=kept)
                    data, wire = self._body(response, deadline)
        except _Trouble as trouble:
            raise _Trouble(
                trouble.outcome, str(trouble), replace(attempt, wire=attempt.wire + trouble.wire)
            ) from trouble
        except (NoAddress, NotPublic, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            said = f"{type(error).__name__}: {error}"[:300]
            raise _Trouble(_outcome_of(error, attempt.status), said, attempt) from error
        finally:
            self._client.cookies.clear()
        return replace(attempt, data=data, wire=attempt.wire + wire), new

    def _body(self, response: httpx.Response, deadline: float) -> tuple[bytes, int]:
        """The answer's bytes, unpacked by ourselves so that a bomb cannot go off, and how many were moved."""
        packing = response.headers.get("content-encoding", "identity").strip().lower()
        if packing not in ("", "identity", "gzip", "x-gzip"):
            raise _Trouble("unknown-packing", f"Content-Encoding: {packing}")
        unpack = Unpacking() if "gzip" in packing else None
        parts, size, wire = [], 0, 0
        for chunk in response.iter_raw():
            wire += len(chunk)
            try:
                part = unpack.more(chunk, self.limits.largest - size + 1) if unpack else chunk
            except zlib.error as error:
                raise _Trouble("truncated", str(error), wire=wire) from error
            parts.append(part)
            size += len(part)
            if size > self.limits.largest:
                raise _Trouble("too-large", f"more than {self.limits.largest:,} bytes", wire=wire)
            if self.clock.now() > deadline:
                raise _Trouble("too-slow", f"{size:,} bytes in {self.limits.whole:g} seconds", wire=wire)
        if unpack and wire and not unpack.is_whole:
            raise _Trouble("truncated", wire=wire)
        return b"".join(parts), wire


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _outcome_of(error: BaseException, status: int) -> str:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return {10: "certificate-expired", 20: "certificate-chain", 21: "certificate-chain"}.get(
                cause.verify_code, "certificate"
            )
    known: tuple[tuple[type[BaseException], str], ...] = (
        (NoAddress, "no-address"),
        (NotPublic, "not-public"),
        (httpx.InvalidURL, "not-public"),
        (httpx.TimeoutException, "no-answer"),
        (httpx.RemoteProtocolError, "truncated" if status else "no-connection"),
    )
    return next((outcome for kind, outcome in known if isinstance(error, kind)), "no-connection")


def _spoiled(attempt: Attempt, trouble: _Trouble) -> Attempt:
    """An attempt that came to nothing; a page that stood in the way is kept, since it says what is wrong."""
    attempt = trouble.attempt or attempt
    kept = attempt.data if trouble.outcome in ("page-instead", "cookie-wall") else b""
    return replace(attempt, outcome=trouble.outcome, error=str(trouble), data=kept)


def is_redirect(attempt: Attempt) -> bool:
    """Whether the answer says to ask elsewhere."""
    return attempt.status in (301, 302, 303, 307, 308) and "location" in attempt.headers


def _judge(attempt: Attempt, want: str) -> None:
    """Refuse an answer that is not what was asked for."""
    status = attempt.status
    if status == 304:
        return
    if status != 200:
        said = {401: "refused", 403: "refused", 404: "gone", 410: "gone", 429: "busy"}
        outcome = said.get(status, "broken" if status >= 500 else "odd-status")
        raise _Trouble(outcome, f"HTTP {status}", attempt)
    if not attempt.data.strip() and want != "rules":
        raise _Trouble("empty", attempt=attempt)
    if want == "file" and is_page(attempt.data):
        wall = WALL.search(attempt.data[:20_000])
        raise _Trouble("cookie-wall" if wall else "page-instead", attempt=attempt)


def host_of(url: str) -> str:
    """Host and port of an address: what has its own turns and its own robots.txt."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{(parts.netloc.rpartition('@')[2]).lower()}"


def stamp(when: datetime) -> str:
    """A date and time as the log writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
