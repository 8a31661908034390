"""Registers are harvested like sources; what is worse than the edition in use does not take its place."""

import io
import zipfile

import pytest
from local_web import ERROR_PAGE, FastClock, Page, cut_short, page
from sites import declare

from dagster_project.archive.log import decode, log_key
from dagster_project.declare.measures import load_witnesses
from dagster_project.declare.newest import Newest
from dagster_project.declare.registers import load_registers
from dagster_project.match import find_register_files
from dagster_project.stages import harvesting
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.register_harvest import (
    STATES,
    TABLE,
    NotAtHand,
    harvest_registers,
    name_in_log,
    needed_editions,
    put_at_hand,
    registers_said,
    states_for_issues,
)
from dagster_project.stages.runs import close_run, open_run

HOST = "registers.test"
REGISTERS = {one.slug: one for one in load_registers(DECLARED / "registers")}
WITNESSES = {one.slug: one for one in load_witnesses(DECLARED / "measures" / "witnesses")}
COUNCILS = "local-authority-code,official-name,nation,local-authority-type-name,start-date,end-date"


def councils(rows, headings=COUNCILS, ending=",Scotland,Unitary,1996-04-01,"):
    return "\n".join([headings, *(f"C{n:02d},Council {n}{ending}" for n in range(rows)), ""]).encode()


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for name, data in members.items():
            pack.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


def spoiled():
    """A ZIP file whose list of contents is well, and whose contents are not."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("councils.csv", b"".join(councils(n) for n in range(10, 60)))
    data = bytearray(out.getvalue())
    data[300:340] = bytes(40)
    return bytes(data)


def at(web, slug, path="/councils.csv", **newest):
    """A register of ours, whose newest edition is on the local web."""
    said = {"kind": "listed", "evidence": "Invented.", "verified": "never"} | newest
    if said["kind"] == "listed":
        said["files"] = tuple(web.url(HOST, one) for one in (path if isinstance(path, tuple) else (path,)))
    else:
        said["url"] = web.url(HOST, path)
    return (REGISTERS.get(slug) or WITNESSES[slug]).model_copy(update={"newest": Newest(**said)})


def run(web, store, *declared, day="2025-04-30", **limits):
    fetcher = web.fetcher(FastClock(day), **limits)
    name = open_run(store, fetcher.clock.utc().date())
    rows = harvest_registers(store, name, declared, fetcher)
    close_run(store, name)
    fetcher.close()
    return {row["slug"]: row for row in rows}


@pytest.fixture
def first(web, store):
    """Ten councils, had and in use."""
    web.site(HOST, {"/councils.csv": Page(councils(10))})
    register = at(web, "councils")
    run(web, store, register)
    return register


def test_a_new_edition_is_archived_and_said(web, store, first, tmp_path):
    (row,) = store.read_frame(TABLE).to_dict("records")
    assert (row["slug"], row["state"], row["rows"], row["retrieved"]) == ("councils", "new", 10, "2025-04-30")
    assert (row["licence"], row["declared"]) == (REGISTERS["councils"].licence, "datapackages/registers/councils")
    assert needed_editions(store, [first]) == {row["sha256"]}
    (log,) = [r for r in decode(store.read(log_key("2025-04-30.1", name_in_log("councils")))) if r["purpose"] == "file"]
    assert (log["outcome"], log["sha256"]) == ("had", row["sha256"])
    put_at_hand(store, [first], tmp_path / "at hand")
    ((found, path),) = find_register_files([REGISTERS["councils"]], tmp_path / "at hand")
    assert (found.slug, path.read_bytes()) == ("councils", councils(10))


def test_an_unchanged_edition_moves_nothing(web, store, first):
    before = web.moved
    row = run(web, store, first, day="2025-05-07")["councils"]
    assert (row["state"], row["retrieved"], row["checked"]) == ("unchanged", "2025-04-30", "2025-05-07")
    assert web.moved == before


@pytest.mark.parametrize(
    ("now", "state", "why"),
    [
        (Page(b"", status=404), "failed", "Not there"),
        (page(ERROR_PAGE), "failed", "A web page stands where the file should be"),
        (cut_short(data=councils(10)), "failed", "Cut short"),
        (Page(b""), "failed", "Empty"),
        (Page(councils(8, ending=",Scotland,Unitary with a long name,1996-04-01,")), "smaller", "8 rows against 10 before"),
        (Page(councils(3)), "smaller", "bytes against"),
        (Page(COUNCILS.encode() + b"\n" * 900), "smaller", "It holds no rows"),
        (Page(councils(10, COUNCILS.replace("nation", "country"))), "other layout", "the column 'nation'"),
        (Page(councils(10, COUNCILS.replace("start-date", "begun"))), "other layout", "no column 'start-date'"),
        (Page(zipped(councils_csv=councils(10))[:-40] + b" " * 900), "other layout", "cannot be unpacked"),
        (Page(zipped(readme_html=b"x" * 900)), "other layout", "holds no table"),
        (Page(spoiled()), "other layout", "cannot be read to the end"),
        (Page(councils(10) + b"X" * 2_000_000), "other layout", "cannot be read to the end"),
    ],
    ids=[
        "404", "error page", "cut short", "empty", "fewer rows", "far fewer bytes", "no rows", "not recognised",
        "column gone", "damaged zip", "zip without a table", "spoiled zip", "no end of a line",
    ],
)  # fmt: skip
def test_what_is_worse_leaves_the_last_good_edition_in_use(web, store, first, tmp_path, now, state, why):
    web.site(HOST, {"/councils.csv": now})
    row = run(web, store, first, day="2025-05-07")["councils"]
    assert (row["state"], row["since"], row["checked"]) == (state, "2025-05-07", "2025-04-30")
    assert why in row["why"]
    assert (row["retrieved"], row["rows"]) == ("2025-04-30", 10)
    put_at_hand(store, [first], tmp_path / "at hand")
    ((_, path),) = find_register_files([REGISTERS["councils"]], tmp_path / "at hand")
    assert path.read_bytes() == councils(10)
    assert f"councils {state} since 2025-05-07" in registers_said(store)
    assert [(one["state"], one["trouble"]) for one in states_for_issues(store)] == [(state, row["why"])]
    again = run(web, store, first, day="2025-05-14")["councils"]
    assert (again["state"], again["since"], again["rows"]) == (state, "2025-05-07", 10)
    web.site(HOST, {"/councils.csv": Page(councils(11))})
    mended = run(web, store, first, day="2025-05-21")["councils"]
    assert (mended["state"], mended["since"], mended["rows"]) == ("new", "", 11)


def test_a_smaller_edition_is_used_when_a_person_says_that_it_is_right(web, store, first):
    web.site(HOST, {"/councils.csv": Page(councils(3))})
    refused = run(web, store, first, day="2025-05-07")["councils"]
    digest = refused["why"].rpartition(" ")[2]
    accepting = at(web, "councils", accepted=(digest,))
    assert run(web, store, accepting, day="2025-05-14")["councils"]["rows"] == 3


def test_columns_that_come_and_go_without_harm_are_said(web, store, first):
    web.site(HOST, {"/councils.csv": Page(councils(10, COUNCILS + ",motto", ending=",Scotland,Unitary,1996-04-01,,x"))})
    row = run(web, store, first, day="2025-05-07")["councils"]
    assert (row["state"], row["why"]) == ("new", "New columns: motto.")


def test_a_column_that_only_another_reader_needs_must_be_there_too(web, store):
    headings = (
        "local-authority-code,official-name,nation,local-authority-type-name,start-date,end-date,gss-code,pop-2020,area"
    )
    sizes = WITNESSES["council-areas"]
    web.site(HOST, {"/councils.csv": Page(councils(10, headings, ",Scotland,Unitary,1996-04-01,,S12,1,2"))})
    register = at(web, "councils")
    assert run(web, store, register, sizes)["councils"]["state"] == "new"
    broken = sizes.model_copy(update={"columns": {**sizes.columns, "area": "hectares"}})
    web.site(HOST, {"/councils.csv": Page(councils(12, headings, ",Scotland,Unitary,1996-04-01,,S12,1,2"))})
    row = run(web, store, register, broken, day="2025-05-07")["councils"]
    assert (row["state"], row["rows"]) == ("other layout", 10)
    assert "hectares" in row["why"]


def test_an_address_that_follows_the_calendar_is_asked_back_in_time(web, store):
    web.site(HOST, {"/councils-2025-03-01.csv": Page(councils(10))})
    register = at(web, "councils", "/councils-{yyyy}-{mm}-01.csv", kind="pattern")
    row = run(web, store, register)["councils"]
    assert (row["state"], row["edition"]) == ("new", "2025-03-01")
    web.site(HOST, {"/councils-2025-05-01.csv": Page(councils(11))})
    row = run(web, store, register, day="2025-05-07")["councils"]
    assert (row["state"], row["edition"], row["rows"]) == ("new", "2025-05-01", 11)
    web.site(HOST, {"/councils-2025-05-01.csv": Page(b"", status=503), "/councils-2025-06-01.csv": Page(status=404)})
    assert run(web, store, register, day="2025-06-07")["councils"]["state"] == "failed"


def test_periods_are_parts_of_one_edition_where_a_first_one_is_named(web, store, tmp_path):
    head = "EmployerName,CompanyNumber,DiffMedianHourlyPercent,EmployerSize,DueDate"
    for year in (2022, 2023):
        web.site(HOST, {f"/gpg/{year}": Page(f"{head}\nAcme {year},09000001,5.5,250 to 499,2024-04-05\n".encode())})
    witness = at(web, "gender-pay-gap", "/gpg/{fy_start}", kind="pattern", first="2022-04")
    row = run(web, store, witness, day="2024-05-01")["gender-pay-gap"]
    assert (row["state"], row["rows"], len(row["sha256"].split())) == ("new", 2, 2)
    web.site(HOST, {"/gpg/2022": Page(status=404)})
    assert run(web, store, witness, day="2024-05-08")["gender-pay-gap"]["state"] == "failed"
    put_at_hand(store, [witness], tmp_path / "at hand")
    assert len(list((tmp_path / "at hand").rglob("*.csv"))) == 2


def test_the_newest_link_of_a_page_is_had(web, store):
    links = "".join(f'<a href="/councils-{day}.csv">Councils</a>' for day in ("2025-02", "2025-04", "2025-03"))
    web.site(HOST, {"/page": page(f"<html><body>{links}<a href='/x.csv'>other</a></body></html>".encode())})
    web.site(HOST, {"/councils-2025-04.csv": Page(councils(10))})
    register = at(web, "councils", "/page", kind="links", link=r"councils-.*\.csv")
    assert run(web, store, register)["councils"]["edition"] == "2025-04"
    web.site(HOST, {"/page": page(b"<html><body>We moved.</body></html>")})
    row = run(web, store, register, day="2025-05-07")["councils"]
    assert (row["state"], row["edition"]) == ("failed", "2025-04")
    assert "No link of" in row["why"]
    web.site(HOST, {"/page": Page(status=404)})
    assert "could not be had. Not there." in run(web, store, register, day="2025-05-14")["councils"]["why"]


def test_a_zip_of_many_files_is_taken_apart_and_one_of_one_is_read_as_it_is(web, store, tmp_path):
    def area(code):
        return f'"{code}1 2AB",10,1,1,"E92000001","","","","E07000999",""\n'.encode()

    parts = {"Data__CSV__nq_csv": area("NQ"), "Data__CSV__ab_csv": area("AB"), "Doc__headings_csv": b"PC,PQ\n"}
    web.site(HOST, {"/codepo": Page(zipped(**parts)), "/councils": Page(zipped(councils_csv=councils(10)))})
    codes, listed = at(web, "code-point-open-parts", "/codepo"), at(web, "councils", "/councils")
    found = run(web, store, codes, listed)
    assert (found["code-point-open-parts"]["rows"], found["councils"]["rows"]) == (2, 10)
    put_at_hand(store, [codes, listed], tmp_path / "at hand")
    names = {path.name for path in (tmp_path / "at hand").rglob("*") if path.is_file() and path.name != ".edition"}
    assert names == {"nq.csv", "ab.csv", "councils.zip"}


def test_what_is_declared_by_hand_only_is_a_row_too(web, store, first):
    row = run(web, store, first, REGISTERS["oscr"].model_copy(update={"newest": None}), day="2025-05-07")["oscr"]
    assert (row["state"], row["why"]) == ("by hand", STATES["by hand"])


def test_time_that_is_up_leaves_the_edition_in_use(web, store, first):
    fetcher = web.fetcher(FastClock("2025-05-07"))
    (row,) = harvest_registers(store, open_run(store, fetcher.clock.utc().date()), [first], fetcher, minutes=-1)
    assert (row["state"], row["rows"]) == ("not asked", 10)


def test_an_edition_that_the_archive_lacks_is_named(store, first, tmp_path):
    (digest,) = needed_editions(store, [first])
    store.remove(f"archive/{digest[:2]}/{digest}")
    with pytest.raises(NotAtHand, match="make restore"):
        put_at_hand(store, [first], tmp_path / "at hand")


def test_a_declaration_that_was_changed_leaves_out_what_no_longer_fits(store, first, tmp_path):
    changed = first.model_copy(update={"columns": {**first.columns, "name": "other-name"}})
    put_at_hand(store, [changed], tmp_path / "at hand")
    assert not list((tmp_path / "at hand").rglob("*.csv"))
    put_at_hand(store, [first], tmp_path / "at hand")
    assert len(list((tmp_path / "at hand").rglob("*.csv"))) == 1


@pytest.mark.parametrize(
    ("more", "asked"),
    [({}, ["registers", "bodies"]), ({"only": ("northbeck",)}, ["bodies"]), ({"registers": "somewhere"}, ["bodies"])],
    ids=["everybody", "one body", "a folder of registers"],
)
def test_registers_are_asked_first_unless_one_body_is_tried_or_a_folder_given(web, tmp_path, monkeypatch, more, asked):
    told = []
    monkeypatch.setattr(harvesting, "harvest_registers", lambda *_: told.append("registers"))
    monkeypatch.setattr(harvesting, "harvest", lambda *_, **__: told.append("bodies"))
    monkeypatch.delenv(harvesting.MINUTES, raising=False)
    plan = Plan("live", sources=str(declare(tmp_path / "sources", web)), out=str(tmp_path / "out"), **more)
    harvesting.ask(plan)
    assert told == asked
    monkeypatch.setenv(harvesting.MINUTES, "0")
    harvesting.ask(plan)
    assert told == asked


def test_declared_addresses_are_whole():
    said = [one for one in [*REGISTERS.values(), *WITNESSES.values()] if one.newest]
    assert {"companies-house", "charity-commission", "code-point-open-parts"} <= {one.slug for one in said}
    assert all(one.newest.evidence for one in said)
