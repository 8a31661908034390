"""Every fault that real sites have is recorded with its kind, and asked about no more often than is polite."""

import gzip
import itertools
import socket
import ssl
import threading
import time
from datetime import datetime, timedelta

import pytest
import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from local_web import (
    CSV,
    ERROR_PAGE,
    WALL_PAGE,
    FastClock,
    LocalWeb,
    Page,
    bomb,
    changing,
    cut_short,
    dripping,
    failing,
    moved,
    page,
    silent,
)

from dagster_project.harvest.contents import is_page
from dagster_project.harvest.fetching import Fetcher
from dagster_project.harvest.manners import Limits, PublicOnly, is_loopback, is_public
from dagster_project.harvest.outcomes import OUTCOMES

HOST = "northbeck.test"


def ask(web, path="/spend.csv", fetcher=None, host=HOST, **limits):
    """The last attempt, all attempts at the address, and the fetcher."""
    notes = []
    fetcher = fetcher or web.fetcher(**limits)
    last = fetcher.fetch(path if "://" in path else web.url(host, path), notes.append)
    return last, [note for note in notes if not note.url.endswith("/robots.txt")], fetcher


FAULTS = {
    "redesign": (lambda: Page(b"gone", status=404), "gone", 1),
    "withdrawn": (lambda: Page(b"gone", status=410), "gone", 1),
    "error page with 200": (page, "page-instead", 1),
    "cookie page with 200": (lambda: page(WALL_PAGE), "cookie-wall", 1),
    "empty": (lambda: Page(b" \r\n"), "empty", 1),
    "sign in": (lambda: Page(b"no", status=403), "refused", 1),
    "cut short for good": (cut_short, "truncated", 4),
    "cut short once": (lambda: cut_short(times=1), "had", 2),
    "busy, then well": (lambda: failing(2, 429, {"Retry-After": "7"}), "had", 3),
    "busy for a day": (lambda: failing(9, 429, {"Retry-After": "86400"}), "busy", 1),
    "burst of 503": (lambda: failing(3, 503), "had", 4),
    "broken for good": (lambda: failing(99, 500), "broken", 4),
    "hangs up": (silent, "no-connection", 4),
    "loop": (lambda: moved("/spend.csv"), "redirect-loop", 1),
    "loop for a cookie": (lambda: moved("/spend.csv", headers={"Set-Cookie": "seen=1"}), "cookie-wall", 1),
    "wrong content type": (lambda: Page(CSV, "text/html"), "had", 1),
    "packed as nobody asked": (lambda: Page(CSV, headers={"Content-Encoding": "br"}), "unknown-packing", 1),
    "packed and cut short": (lambda: Page(gzip.compress(CSV)[:-9], headers={"Content-Encoding": "gzip"}), "truncated", 4),
    "into a private network": (lambda: moved("http://10.0.0.1/admin"), "not-public", 1),
    "into the cloud's own address": (lambda: moved("http://169.254.169.254/latest/meta-data"), "not-public", 1),
    "to a file of this machine": (lambda: moved("file:///etc/passwd"), "not-public", 1),
    "to a name that leads inside": (lambda: moved("http://inside.test/"), "not-public", 1),
    "to nowhere": (lambda: moved("http://nowhere.test/"), "no-address", 4),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_recorded_with_its_kind(web, fault):
    make, outcome, tries = FAULTS[fault]
    web.private["inside.test"] = "192.168.0.7"
    web.site(HOST, {"/spend.csv": make()})
    last, notes, _ = ask(web)
    assert last.outcome == outcome
    assert len(notes) == tries
    assert {note.outcome for note in notes} <= set(OUTCOMES)
    assert last.data == (
        CSV if outcome == "had" else {"page-instead": ERROR_PAGE, "cookie-wall": last.data}.get(outcome, b"")
    )


def test_every_attempt_says_when_how_long_and_what_was_answered(web):
    web.site(HOST, {"/a.csv": moved("/b.csv", 301), "/b.csv": Page(CSV)})
    last, _, _ = ask(web, "/a.csv")
    assert (last.status, last.final_url) == (200, web.url(HOST, "/b.csv"))
    assert last.hops == (f"301 {web.url(HOST, '/b.csv')}",)
    assert last.at.startswith("2026-04-30T09:00")
    assert last.wire == len(CSV)
    assert last.headers["content-type"] == "text/csv"


def test_cookies_are_neither_kept_nor_written_down(web):
    web.site(HOST, {"/a.csv": Page(CSV, headers={"Set-Cookie": "id=7"}), "/b.csv": Page(CSV)})
    first, _, fetcher = ask(web, "/a.csv")
    ask(web, "/b.csv", fetcher)
    assert "set-cookie" not in first.headers
    assert all("Cookie" not in asked.headers for asked in web.asked)


def test_a_cookie_that_a_redirect_sets_is_sent_on_the_way_to_the_file_and_nowhere_else(web):
    def say(handler, _count, mine):
        if handler.headers.get("Cookie") == "pass=1":
            mine.plain(handler)
        else:
            moved("/spend.csv", headers={"Set-Cookie": "pass=1; Path=/; HttpOnly"}).answer(handler, 1)

    web.site(
        HOST,
        {
            "/spend.csv": Page(CSV, say=say),
            "/b.csv": moved(web.url("eastmoor.test", "/c.csv"), headers={"Set-Cookie": "a=1"}),
        },
    )
    web.site("eastmoor.test", {"/c.csv": Page(CSV)})
    last, _, fetcher = ask(web)
    assert last.outcome == "had"
    ask(web, "/b.csv", fetcher)
    assert [asked.headers.get("Cookie") for asked in web.asked if asked.path.endswith(".csv")] == [
        None,
        "pass=1",
        None,
        None,
    ]


def test_retry_after_is_kept_to_and_waits_grow(web):
    clock = FastClock()
    web.site(HOST, {"/spend.csv": failing(1, 429, {"Retry-After": "7"}), "/b.csv": failing(3, 503)})
    _, _, fetcher = ask(web, fetcher=web.fetcher(clock))
    assert max(clock.slept) == pytest.approx(7, abs=0.2)
    clock.slept.clear()
    ask(web, "/b.csv", fetcher)
    assert [round(wait) for wait in clock.slept if wait > 1.5] == [2, 4, 8]


def test_retry_after_may_be_a_date(web):
    clock = FastClock()
    web.site(HOST, {"/spend.csv": failing(1, 503, {"Retry-After": "Thu, 30 Apr 2026 09:00:31 GMT"})})
    last, _, _ = ask(web, fetcher=web.fetcher(clock))
    assert last.outcome == "had"
    assert 25 < max(clock.slept) < 31


def test_a_drip_is_cut_off(web):
    web.site(HOST, {"/spend.csv": dripping()})
    last, notes, _ = ask(web, whole=0.2)
    assert (last.outcome, len(notes)) == ("too-slow", 1)


def test_silence_is_cut_off(web):
    web.site(HOST, {"/spend.csv": dripping(step=1)})
    last, _, _ = ask(web, read=0.1, tries=1)
    assert last.outcome == "no-answer"


def test_a_bomb_does_not_go_off(web):
    web.site(HOST, {"/spend.csv": bomb(10_000_000)})
    last, notes, _ = ask(web, largest=500_000)
    assert (last.outcome, len(notes)) == ("too-large", 1)
    assert last.wire < 100_000


def test_an_answer_packed_in_several_members_is_one(web):
    web.site(
        HOST,
        {
            "/spend.csv": Page(
                gzip.compress(CSV) + gzip.compress(b"More Ltd,1/1/2025,5"), headers={"Content-Encoding": "gzip"}
            )
        },
    )
    assert ask(web)[0].data == CSV + b"More Ltd,1/1/2025,5"


def test_a_bomb_of_many_members_does_not_go_off_either(web):
    web.site(HOST, {"/spend.csv": bomb(40_000_000)})
    assert ask(web, largest=500_000)[0].outcome == "too-large"


@pytest.mark.parametrize(
    ("data", "page_"),
    [
        (b"\xef\xbb\xbf<!DOCTYPE html><p>Sorry", True),
        (b"<?xml version='1.0'?><!-- a --> <!-- b -->\n<html>", True),
        (b"<!-- -->" * 4000, False),
        (b"<html><table><tr><tr>", True),
        (b"<html>" + b"<table>" * 30_000, True),
        (b"<html><TABLE><TR><TR><TR>", False),
        (b"Supplier,Date,Amount", False),
    ],
    ids=range(7),
)
def test_pages_are_told_from_files_and_quickly(data, page_):
    began = time.monotonic()
    assert is_page(data) is page_
    assert time.monotonic() - began < 1


def test_a_large_answer_is_not_read_to_its_end(web):
    web.site(HOST, {"/spend.csv": Page(b"x" * 5_000_000)})
    last, _, _ = ask(web, largest=500_000)
    assert last.outcome == "too-large"
    assert last.wire < 1_000_000


def test_unchanged_files_are_not_moved_again(web):
    web.site(HOST, {"/spend.csv": Page(CSV)})
    first, _, fetcher = ask(web)
    again = fetcher.fetch(web.url(HOST, "/spend.csv"), lambda _: None, first.headers)
    assert (again.outcome, again.status, again.wire) == ("unchanged", 304, 0)


def test_changed_bytes_at_the_same_address_are_had_again(web):
    web.site(HOST, {"/spend.csv": changing(CSV, CSV + b"More Ltd,18/06/2024,1\r\n")})
    first, _, fetcher = ask(web)
    again = fetcher.fetch(web.url(HOST, "/spend.csv"), lambda _: None, first.headers)
    assert again.outcome == "had"
    assert again.data != first.data


def test_a_table_that_a_spreadsheet_saved_as_a_page_is_a_file(web):
    table = b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>1</table></html>"
    web.site(HOST, {"/spend.xls": Page(table)})
    assert ask(web, "/spend.xls")[0].outcome == "had"


# --- robots.txt ---


def test_robots_txt_is_obeyed_with_wildcards(web):
    rules = b"User-agent: *\nDisallow: /private/\nDisallow: /*.xls$\nCrawl-delay: 3\n"
    web.site(HOST, {"/robots.txt": Page(rules, "text/plain"), "/private/a.csv": Page(CSV), "/b.xls": Page(CSV), "/c.csv": Page(CSV)})  # fmt: skip
    clock = FastClock()
    fetcher = web.fetcher(clock)
    said = [ask(web, path, fetcher)[0].outcome for path in ("/private/a.csv", "/b.xls", "/c.csv", "/c.csv")]
    assert said == ["robots", "robots", "had", "had"]
    assert web.paths(HOST) == ["/c.csv", "/c.csv"]
    assert sum(asked.path == "/robots.txt" for asked in web.asked) == 1
    assert max(clock.slept) == pytest.approx(3, abs=0.2)


def test_robots_txt_of_where_a_redirect_leads_is_obeyed_too(web):
    web.site("files.test", {"/robots.txt": Page(b"User-agent: *\nDisallow: /", "text/plain"), "/a.csv": Page(CSV)})
    web.site(HOST, {"/a.csv": moved(web.url("files.test", "/a.csv"))})
    assert ask(web, "/a.csv")[0].outcome == "robots"
    assert web.paths("files.test") == []


def test_a_robots_txt_that_cannot_be_had_forbids(web):
    web.site(HOST, {"/robots.txt": failing(99, 503), "/a.csv": Page(CSV)})
    assert ask(web, "/a.csv")[0].outcome == "robots-unknown"
    assert web.paths(HOST) == []


def test_we_say_who_we_are_and_where_to_complain(web):
    web.site(HOST, {"/a.csv": Page(CSV)})
    ask(
        web,
        "/a.csv",
        Fetcher(Limits(), FastClock(), PublicOnly(is_loopback, web.resolve), contact="https://pound.invalid/about"),
    )
    said = {asked.headers["User-Agent"] for asked in web.asked}
    assert said == {"LocalPound/0.1 (+https://pound.invalid/about; reads published public spending)"}


# --- when to leave a website alone ---


def test_a_website_that_asks_for_a_day_is_asked_no_more(web):
    web.site(HOST, {"/a.csv": failing(9, 429, {"Retry-After": "86400"}), "/b.csv": Page(CSV)})
    _, _, fetcher = ask(web, "/a.csv")
    last, _, _ = ask(web, "/b.csv", fetcher)
    assert (last.outcome, last.error[:9]) == ("busy", "Not asked")
    assert web.paths(HOST) == ["/a.csv"]


def test_a_website_that_never_answers_is_asked_for_three_addresses_and_no_more(web):
    web.site(HOST, {f"/{n}.csv": silent() for n in range(6)})
    fetcher = web.fetcher()
    said = [ask(web, f"/{n}.csv", fetcher)[0].outcome for n in range(6)]
    assert said == ["no-connection"] * 6
    # A website that is slow to listen may miss the last try of an address.
    assert set(web.paths(HOST)) == {"/0.csv", "/1.csv", "/2.csv"}
    assert len(web.paths(HOST)) <= 3 * 4


# --- pace ---


def test_no_host_is_asked_faster_than_its_pace(web):
    from concurrent.futures import ThreadPoolExecutor

    from dagster_project.harvest.manners import Clock

    web.site(HOST, {f"/{n}.csv": Page(CSV) for n in range(8)})
    fetcher = web.fetcher(Clock(), delay=0.05)
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda n: fetcher.fetch(web.url(HOST, f"/{n}.csv"), lambda _: None).outcome, range(8)))
    assert done == ["had"] * 8
    began = sorted(asked.began for asked in web.asked)
    assert min(later - earlier for earlier, later in itertools.pairwise(began)) >= 0.045


# --- where we go ---


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "224.0.0.1"])  # fmt: skip
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["151.101.0.144", "2a04:4e42::144"])
def test_addresses_that_are_public(address):
    assert is_public(address)


def test_by_default_this_machine_is_not_reached(web):
    web.site(HOST, {"/a.csv": Page(CSV)})
    assert ask(web, "/a.csv", fetcher=web.fetcher(allowed=is_public))[0].outcome == "not-public"
    assert web.asked == []


# --- certificates ---


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def secure(authority, **options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST, **options).configure_cert(context)
    return LocalWeb(context)


def trusting(*authorities):
    context = ssl.create_default_context()
    for authority in authorities:
        authority.configure_trust(context)
    return context


YESTERDAY = datetime.now() - timedelta(days=1)


@pytest.mark.parametrize(
    ("options", "trusted", "outcome"),
    [
        ({}, True, "had"),
        ({"not_before": YESTERDAY - timedelta(days=9), "not_after": YESTERDAY}, True, "certificate-expired"),
        ({}, False, "certificate-chain"),
    ],
)
def test_certificates_are_looked_at(authority, options, trusted, outcome):
    web = secure(authority, **options)
    web.site(HOST, {"/a.csv": Page(CSV)})
    context = trusting(authority) if trusted else trusting()
    assert ask(web, "/a.csv", fetcher=web.fetcher(context=context))[0].outcome == outcome
    web.close()


def test_http_2_is_spoken_where_a_website_speaks_it(authority):
    spoken = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    context.set_alpn_protocols(["h2", "http/1.1"])
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        with context.wrap_socket(listening.accept()[0], server_side=True) as line:
            spoken.append(line.selected_alpn_protocol())
            said = H2Connection(H2Configuration(client_side=False))
            said.initiate_connection()
            line.sendall(said.data_to_send())
            while data := line.recv(65_536):
                for event in said.receive_data(data):
                    if isinstance(event, RequestReceived):
                        said.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/csv")])
                        said.send_data(event.stream_id, CSV, end_stream=True)
                line.sendall(said.data_to_send())

    threading.Thread(target=serve, daemon=True).start()
    backend = PublicOnly(is_loopback, lambda _host, _port: ["127.0.0.1"])
    fetcher = Fetcher(Limits(), FastClock(), backend, trusting(authority))
    last = fetcher.fetch(f"https://{HOST}:{listening.getsockname()[1]}/a.csv", lambda _: None)
    fetcher.close()
    listening.close()
    assert (last.outcome, last.data, spoken) == ("had", CSV, ["h2"])


def test_a_certificate_for_another_name_proves_nothing(authority):
    web = secure(authority)
    web.site("eastmoor.test", {"/a.csv": Page(CSV)})
    last, _, _ = ask(web, "/a.csv", fetcher=web.fetcher(context=trusting(authority)), host="eastmoor.test")
    assert last.outcome == "certificate"
    web.close()
