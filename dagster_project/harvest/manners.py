"""Manners: who we say we are, how long we wait, what robots.txt asks, and which addresses we go to at all."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpcore
from protego import Protego

#: The name by which robots.txt speaks to us.
ROBOT = "LocalPound"


def user_agent(contact: str = "") -> str:
    """
    What is said with every request: what we are, and where to complain.

    Args:
        contact: An address of the web or of mail; whoever runs a harvest gives their own.
    """
    return f"{ROBOT}/0.1 ({f'+{contact}; ' if contact else ''}reads published public spending)"


@dataclass(frozen=True)
class Limits:
    """
    How much we ask of a website, and of ourselves.

    Attributes:
        delay: Seconds between the end of a request and the start of the next to the same host.
        tries: How often one address is asked in a run, at most.
        backoff: Seconds before the second try; doubled for each after it.
        patience: Longest wait, in seconds, that a website may ask for; beyond it we come again another day.
        connect, read: Seconds without a connection, without a byte.
        whole: Seconds for a whole answer.
        largest: Bytes of an answer, unpacked.
        redirects: Steps from one address to another.
        silences: Addresses in a row without any answer after which a website is asked no more in this run.
    """

    delay: float = 1.0
    tries: int = 4
    backoff: float = 2.0
    patience: float = 120.0
    connect: float = 20.0
    read: float = 30.0
    whole: float = 600.0
    largest: int = 100_000_000
    redirects: int = 6
    silences: int = 3


class Clock:
    """The time; tests bring their own."""

    def now(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def utc(self) -> datetime:
        """The date and time in UTC."""
        return datetime.now(UTC)


class NotPublic(Exception):
    """A name leads to an address that is not on the public web: private, loopback, link-local."""


class NoAddress(Exception):
    """A name leads nowhere."""


#: A host name and port to numeric addresses.
Resolve = Callable[[str, int], Iterable[str]]


def resolve(host: str, port: int) -> list[str]:
    """Numeric addresses of a name, as the system has them."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: str) -> bool:
    """Whether a numeric address is on the public web; an IPv4 address in IPv6's clothes is looked at as itself."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return (mapped or ip).is_global and not ip.is_multicast


def is_loopback(address: str) -> bool:
    """Whether a numeric address is this machine: the only one that tests may reach."""
    return ipaddress.ip_address(address).is_loopback


class PublicOnly(httpcore.SyncBackend):
    """
    Connects to public addresses only, and to those that were looked at: a name is not looked up a second time.

    Args:
        allowed: Whether a numeric address may be connected to.
        resolve: Looks a name up.
    """

    def __init__(self, allowed: Callable[[str], bool] = is_public, resolve: Resolve = resolve) -> None:
        self._allowed, self._resolve = allowed, resolve

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore.NetworkStream:
        """
        Connect to the first address that answers.

        Raises:
            NoAddress, NotPublic: nothing was connected to.
        """
        try:
            addresses = list(self._resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise NoAddress(f"{host}: {error}") from error
        if not addresses:
            raise NoAddress(host)
        for address in addresses:
            if not self._allowed(address):
                raise NotPublic(f"{host} is {address}")
        for address in addresses[:-1]:
            try:
                return super().connect_tcp(address, port, *args, **options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return super().connect_tcp(addresses[-1], port, *args, **options)


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    delay: float = 0.0
    free_at: float = 0.0


class Turns:
    """One request at a time to each host, and a pause after it; a host may ask for longer ones."""

    def __init__(self, clock: Clock, delay: float) -> None:
        self._clock, self._delay = clock, delay
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host(delay=self._delay))

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait for the turn; the pause begins when it ends."""
        mine = self._host(host)
        with mine.lock:
            if (wait := mine.free_at - self._clock.now()) > 0:
                self._clock.sleep(wait)
            try:
                yield
            finally:
                mine.free_at = max(mine.free_at, self._clock.now() + mine.delay)

    def slow_down(self, host: str, delay: float) -> None:
        """Never ask a host more often than this many seconds apart."""
        mine = self._host(host)
        mine.delay = max(mine.delay, delay)

    def hold(self, host: str, seconds: float) -> None:
        """Ask a host nothing for some seconds."""
        mine = self._host(host)
        mine.free_at = max(mine.free_at, self._clock.now() + seconds)


@dataclass(frozen=True)
class Rules:
    """
    What a website's robots.txt says to us.

    Attributes:
        known: False where it could not be had although there may be one; then nothing is allowed (RFC 9309, 2.3.1.4).
    """

    parsed: Protego | None = None
    known: bool = True

    def allow(self, url: str) -> bool:
        """Whether we may ask for an address."""
        return self.known and (self.parsed is None or bool(self.parsed.can_fetch(url, ROBOT)))

    @property
    def delay(self) -> float:
        """Seconds between requests that it asks for; at most half a minute is waited."""
        asked = self.parsed.crawl_delay(ROBOT) if self.parsed else None
        return min(float(asked or 0), 30.0)


def rules_from(status: int, text: str) -> Rules:
    """
    Rules from the answer to a request for robots.txt.

    Args:
        status: 0 where there was no answer.
    """
    if 200 <= status < 300:
        return Rules(Protego.parse(text))
    return Rules(known=400 <= status < 500 and status != 429)
