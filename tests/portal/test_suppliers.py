"""Pages of suppliers in an invented world: what they say, what they never show, how they are found."""

import gzip
import json

import pandas as pd
import pytest
import yaml
from lxml import etree

from dagster_project.portal import SupplierFrames, SupplierList, bars, facts, paid, site_pages, supplier_pages
from dagster_project.portal import supplier_words as said_of
from dagster_project.portal.stamp import Stamp
from dagster_project.portal.supplier_lists import by_letters, list_pages, name_files
from dagster_project.portal.suppliers import address
from tests.portal import invented

ACME, HOSTILE = "GB-COH-01234567", "GB-CHC-1000001"
BODIES = {row[0]: row[1] for row in invented.BODIES}
#: The largest payments: supplier, its number, body, day, service, purpose, pence, whether the page of the year shows it.
LARGEST = [
    (ACME, 1, "alder", "2023-05-14", "Adult Social Care", "[masked]", 300_000_00, False),
    (ACME, 0, "alder", "2022-05-14", "Adult Social Care", "Residential care", 200_000_00, True),
    (ACME, 2, "birch", "2023-06-14", "", "", 100_000_00, True),
    (ACME, 3, "birch", "2023-07-14", "Adults", "Refund", -1_204_50, False),
    (HOSTILE, 4, "cedar", "2023-06-14", invented.HOSTILE[1], "=1+1", 250_000_00, True),
    (HOSTILE, 5, "alder", "", "", "", 5_000_00, False),
]
PAYERS = [
    (ACME, "alder", 2, 500_000_00, "2022-05", "2023-05", "Adult Social Care"),
    (ACME, "birch", 2, 98_795_50, "2023-06", "2023-07", "Adults"),
    (HOSTILE, "cedar", 1, 250_000_00, "2023-06", "2023-06", invented.HOSTILE[1]),
    (HOSTILE, "alder", 1, 5_000_00, "", "", ""),
]
SERVICES = [
    (ACME, "alder", "Adult Social Care", 2, 500_000_00), (ACME, "birch", "Adults", 1, -1_204_50),
    (HOSTILE, "cedar", invented.HOSTILE[1], 1, 250_000_00),
]  # fmt: skip
YEARS = [
    (ACME, "2022-23", 1, 200_000_00, 2, 1, 1), (ACME, "2023-24", 3, 398_795_50, 2, 1, 1), (HOSTILE, "2023-24", 1, 250_000_00, 2, 2, 0),
]  # fmt: skip
NAMES = [
    (ACME, "Acme Care Ltd", "printed number", 1.0, "number printed by the publisher; the names agree", 2, 500_000_00),
    (ACME, "ACME CARE", "same name", 0.93, "same name; but crowd; but form only registered", 2, 98_795_50),
    (HOSTILE, invented.HOSTILE[0], "same name", 0.99, "same name; rarity", 1, 250_000_00),
    (HOSTILE, invented.HOSTILE[3], "decision", 1.0, "decided by <b>A. Person</b> on 2026-11-28: a letter", 1, 5_000_00),
]  # fmt: skip


def rows():
    common = {
        "outcome": "accepted", "kind": "company", "payee_class": "supplier", "other_ids": "", "register_status": "Active",
        "registered_since": "2003-05-12", "postcode_area": "NB", "lad_code": "E08999001", "lad_source": "register",
        "card_payments": 0, "card_amount_pence": 0, "method": "same name", "confidence": 0.99, "is_reviewed": False, "has_page": True,
    }  # fmt: skip
    return pd.DataFrame([
        common | {"supplier_id": ACME, "figure_id": "s-000000000001", "name": "ACME CARE LIMITED", "bodies": 2, "payments": 4,
                  "amount_pence": 598_795_50, "first_month": "2022-05", "last_month": "2023-07", "card_payments": 3,
                  "card_amount_pence": 12_000, "other_ids": "GB-CHC-1087654"},
        common | {"supplier_id": HOSTILE, "figure_id": "s-000000000002", "name": invented.HOSTILE[5], "bodies": 2, "payments": 2,
                  "amount_pence": 255_000_00, "first_month": "2023-06", "last_month": "2023-06", "lad_code": "", "postcode_area": "",
                  "lad_source": "", "registered_since": "", "register_status": ""},
    ])  # fmt: skip


def frames():
    largest = [
        {"supplier_id": supplier, "publisher": body, "date": day, "month": day[:7], "period": {"2022-05": "2022-23", "": ""}.get(day[:7], "2023-24"),
         "department": service, "purpose": purpose, "amount_pence": pence, "is_shown": shown, "payment_id": f"{at:016x}",
         "line_id": f"{'f' * 16}:1:{at + 2}"}
        for supplier, at, body, day, service, purpose, pence, shown in LARGEST
    ]  # fmt: skip
    names = pd.DataFrame(
        NAMES,
        columns=["supplier_id", "payee", "method", "confidence", "evidence", "payments", "weight_pence"],
    )
    years = pd.DataFrame(YEARS, columns=["supplier_id", "period", "payments", "pence", "bodies", "whole", "silent"])
    payers = pd.DataFrame(PAYERS, columns=["supplier_id", "publisher", "payments", "pence", "first", "last", "mostly"])
    payers = payers.assign(payers=2, least_pence=[98_795_50, 98_795_50, 5_000_00, 5_000_00])
    services = pd.DataFrame(SERVICES, columns=["supplier_id", "publisher", "department", "payments", "pence"])
    return SupplierFrames(
        rows(), names, years, payers, services, pd.DataFrame(largest), BODIES, {"E08999001": "Alder"}, {},
        {ACME: {"href": "payments.csv", "bytes": 1_234, "rows": 5, "format": "csv"}},
        "data/suppliers/supplier_names.csv",
    )  # fmt: skip


@pytest.fixture(scope="module")
def pages(printed):
    _, shell = printed
    return {name: data.decode() for name, data in supplier_pages(invented.site("live"), shell, frames())}


def text(page):
    return " ".join("".join(etree.HTML(page).find("body").itertext()).split())


def spaced(page):
    """All texts of a page with a space between two elements."""
    return " ".join(" ".join(etree.HTML(page).find("body").itertext()).split())


def page_of(pages, supplier):
    return pages[f"{address(supplier)}index.html"]


def test_a_page_stands_at_the_address_of_its_register_number(pages):
    assert set(pages) == {"suppliers/gb-coh-01234567/index.html", "suppliers/gb-chc-1000001/index.html"}


def test_the_first_screen_answers_who_pays_how_much_and_how_sure(pages):
    said = text(page_of(pages, ACME))
    assert "Company 01234567 · Companies House · Charity 1087654 · Charity Commission · active since 2003" in said
    assert "2 public bodies paid it at least £599,000, May 2022 to July 2023." in said
    assert "From 1 body of those that paid it there are no files for 2023–24 here. The total can only rise." in said
    facts = spaced(page_of(pages, ACME))
    assert "Paid in 2023–24, so far £399,000" in facts
    assert "Alder by registered office" in facts
    assert "Certain for 84% of the money, likely for 16%" in facts.replace(" ,", ",")
    assert "Purchasing cards are counted apart: 3 payments, £120." in said


def test_bodies_come_by_what_they_paid(pages):
    tree = etree.HTML(page_of(pages, ACME))
    (table,) = tree.xpath("//section[@aria-labelledby='bodies']//tbody")
    cells = [
        [" ".join("".join(cell.itertext()).split()) for cell in row if "lp-b" not in (cell.get("class") or "")]
        for row in table
    ]
    assert cells == [
        ["Alder Metropolitan Borough Council", "£500,000", "2", "May 2022 to May 2023", "Adult Social Care"],
        ["Birch City Council", "£98,800", "2", "June 2023 to July 2023", "Adults"],
    ]
    assert "More than half comes from Alder" in text(page_of(pages, ACME))


def test_names_are_as_published_with_reasons_in_plain_words(pages):
    said = spaced(page_of(pages, ACME))
    assert "Acme Care Ltd 2 certain the body printed its number, the names agree" in said
    assert (
        "ACME CARE 2 likely the same name, but other registered names begin like it, but it is printed without its legal form"
        in said
    )
    assert "2 payments are likely, not certain, to be to this body." in said
    assert "checked by a person" in text(page_of(pages, HOSTILE))


def test_the_largest_payments_lead_to_their_published_lines(pages):
    tree = etree.HTML(page_of(pages, ACME))
    (table,) = tree.xpath("//section[@aria-labelledby='largest']//tbody")
    links = [row.xpath(".//td[@data-l='Line']/a/@href") for row in table]
    assert links == [
        [],
        ["../../bodies/alder/2022-23/payments/#p-" + f"{0:016x}"],
        ["../../bodies/birch/2023-24/payments/#p-" + f"{2:016x}"],
        [],
    ]
    assert f"{'f' * 16}:1:3" in text(page_of(pages, ACME))
    amounts = ["".join(cell.itertext()) for cell in table.xpath(".//td[@data-l='Amount']")]
    assert amounts == ["£300,000.00", "£200,000.00", "£100,000.00", "−£1,204.50"]


def test_what_was_withheld_stays_masked(pages):
    assert "[masked]" in text(page_of(pages, ACME))


def test_the_citation_is_exact_and_names_the_figure(pages):
    said = text(page_of(pages, ACME))
    assert (
        "The Local Pound, figure s-000000000001: paid to ACME CARE LIMITED (GB-COH-01234567), May 2022 to July 2023: "
        "£599,000 (pounds: exactly 598795.50) in 4 payments by 2 public bodies, and by purchasing card 120.00 in 3."
    ) in said
    assert "https://portal.invalid/pound/suppliers/gb-coh-01234567/#s-000000000001" in said
    assert "local-pound verify s-000000000001" in said
    assert etree.HTML(page_of(pages, ACME)).xpath("//*[@id='s-000000000001']")


def test_whoever_is_taken_for_somebody_else_can_say_so(pages):
    links = etree.HTML(page_of(pages, ACME)).xpath("//a[normalize-space()='This is not us']/@href")
    assert links == ["../../corrections/#not-us"]


def test_registers_are_linked_but_not_for_invented_numbers(printed, pages):
    links = etree.HTML(page_of(pages, ACME)).xpath("//p[@class='lp-under']/a/@href")
    assert links == [
        "https://find-and-update.company-information.service.gov.uk/company/01234567",
        "https://register-of-charities.charitycommission.gov.uk/charity-details/?regid=1087654&subid=0",
    ]
    sample = dict(supplier_pages(invented.site(), printed[1], frames()))
    assert not etree.HTML(sample["suppliers/gb-coh-01234567/index.html"].decode()).xpath("//p[@class='lp-under']/a")


def test_hostile_names_are_text(pages):
    page = page_of(pages, HOSTILE)
    tree = etree.HTML(page)
    assert not [element for element in tree.iter("script") if not element.get("src")]
    assert not tree.findall(".//img")
    assert not tree.xpath("//main//b[normalize-space()='A. Person']")
    said = text(page)
    for name in (invented.HOSTILE[0], invented.HOSTILE[1], invented.HOSTILE[5], "=1+1", "<b>A. Person</b>"):
        assert name in said
    assert "(4,000 characters)" in said


def test_a_year_that_not_every_payer_has_whole_is_open(pages):
    tree = etree.HTML(page_of(pages, ACME))
    assert len(tree.xpath("//svg[@class='lp-cols']/rect[@class='lp-open']")) == 2
    assert tree.xpath("//td[@data-l='Whole']/text()") == ["1 of 2", "1 of 2"]
    closed = etree.HTML(page_of(pages, HOSTILE))
    assert len(closed.xpath("//svg[@class='lp-cols']/rect[@class='f-col']")) == 1


def test_pages_keep_to_their_budget(pages):
    for name, page in pages.items():
        assert len(gzip.compress(page.encode(), mtime=0)) <= 10_000, name


# --- finding one ---


def supplier_list(names):
    found = pd.concat(
        [
            rows().iloc[:1].assign(supplier_id=f"GB-COH-{at:08d}", name=name, amount_pence=at)
            for at, name in enumerate(names)
        ]
    )
    totals = {
        "organisations": 9,
        "registered": 5,
        "pages": len(names),
        "no_room": 0,
        "registered_pence": 500,
        "named_pence": 900,
        "left_out": 2,
        "left_out_pence": 70,
    }
    return SupplierList(found.reset_index(drop=True), {}, totals, {"E08999001": "Alder"})


def test_suppliers_are_listed_largest_first_and_by_letter(printed):
    stamp = Stamp(invented.site(), printed[1])
    found = list_pages(stamp, supplier_list(["Ash Ltd", "beech plc", "Äpfel GmbH", "3 Oaks Ltd"]))
    assert {name for name in found if name.endswith(".html")} == {
        "suppliers/index.html", "suppliers/a-z/a/index.html", "suppliers/a-z/b/index.html", "suppliers/a-z/0-9/index.html",
    }  # fmt: skip
    names = etree.HTML(found["suppliers/index.html"].decode()).xpath(
        "//section[@aria-labelledby='largest']//tbody//a/bdi/text()"
    )
    assert names == ["3 Oaks Ltd", "Äpfel GmbH", "beech plc", "Ash Ltd"]
    assert "5 of 9 organisations that public bodies paid: £5 of £9." in text(found["suppliers/index.html"].decode())
    assert "2 payments (70p) went to people" in text(found["suppliers/index.html"].decode())


def test_a_supplier_without_room_for_a_page_is_listed_with_its_figures_and_found(printed):
    suppliers = supplier_list(["Ash Ltd", "Amber plc"])
    suppliers.suppliers["has_page"] = [False, True]
    suppliers.totals = {**suppliers.totals, "pages": 1, "no_room": 1}
    found = list_pages(Stamp(invented.site(), printed[1]), suppliers)
    page = found["suppliers/a-z/a/index.html"].decode()
    assert etree.HTML(page).xpath("//ul[@class='lp-cols-list']//a/bdi/text()") == ["Amber plc"]
    assert "Ash Ltd 0p from 2 bodies" in text(page).replace("£0", "0p")
    assert "room for the 1 supplier paid most. 1 more could have a page" in text(page)
    assert json.loads(found["suppliers/names/ash.json"])[0][:2] == ["Ash Ltd", "a-z/a"]
    assert "Ash Ltd" not in etree.HTML(found["suppliers/index.html"].decode()).xpath("//table//bdi/text()")


def test_many_of_one_letter_are_listed_by_two():
    many = [{"name": f"a{'bc'[at % 2]} {at}"} for at in range(700)] + [{"name": "zebra"}]
    assert list(by_letters(many)) == ["AB", "AC", "Z"]


def test_names_lie_in_files_by_the_beginnings_of_their_words():
    row = {"supplier_id": ACME, "shown": "ACME CARE LIMITED", "place": "gb-coh-01234567", "bodies": 2, "pence": 59_900}
    found = name_files([row], {ACME: ["Acmé Care Ltd t/a Willow"]})
    assert json.loads(found["suppliers/names/list.json"]) == ["acm", "car", "wil"]
    assert json.loads(found["suppliers/names/wil.json"]) == [
        ["ACME CARE LIMITED", "gb-coh-01234567", 2, "£599", "t willow a"]
    ] or json.loads(found["suppliers/names/wil.json"]) == [
        ["ACME CARE LIMITED", "gb-coh-01234567", 2, "£599", "a t willow"]
    ]


def test_no_supplier_is_said_in_words(pages, printed):
    frame = invented.site_frames()
    page = site_pages(invented.site(), printed[1], frame)["suppliers/index.html"].decode()
    assert "No supplier has a page in this copy." in text(page)


# --- who was paid, on the page of a body ---


def test_money_by_what_is_known_of_who_got_it():
    keys = ["a", "b", "c", "d", "e"]
    of_year = pd.DataFrame({
        "payee_key": keys, "payee": ["A", "B", "C", "Jo", "WITHHELD"], "is_redacted": [False] * 4 + [True],
        "payee_class": ["supplier", "supplier", "public_body", "individual", "redacted"], "amount_pence": [600, 100, 300, 50, 50],
    })  # fmt: skip
    payees = pd.DataFrame({"payee_key": keys, "match": ["accepted", "review", "none", "none", "none"]})
    found = paid.tied(of_year, payees)
    told = [(row["key"], row["pence"], row["payments"], round(row["share"], 4)) for row in found["rows"]]
    assert told == [
        ("accepted", 600, 1, 0.5455), ("review", 100, 1, 0.0909), ("none", 300, 1, 0.2727), ("withheld", 50, 1, 0.0455),
        ("person", 50, 1, 0.0455),
    ]  # fmt: skip
    assert found["heading"] == "Registers tell who got 60% of the money that went to a name"
    assert str(found["bar"]).count("<rect") == 3
    assert 'x="60%"' in found["bar"]
    assert 'width="10%"' in found["bar"]


def test_a_bar_of_nothing_but_credits_is_not_drawn():
    of_year = pd.DataFrame(
        {"payee_key": ["a"], "payee": ["A"], "is_redacted": [False], "payee_class": ["supplier"], "amount_pence": [-5]}
    )
    found = paid.tied(of_year, pd.DataFrame({"payee_key": ["a"], "match": ["accepted"]}))
    assert (found["bar"], found["heading"]) == ("", "How much is tied to a register")
    assert str(bars.match_bar(1.0, 0.0)).count("<rect") == 1


def test_lines_to_decide_by_are_filled_as_far_as_anybody_knows():
    frame = pd.DataFrame([
        {"payee": 'Acme, "Care"', "amount_pence": 900, "registered_name": "ACME CARE LIMITED", "candidate_id": ACME, "confidence": 0.5,
         "evidence": "same name; but crowd", "share": 0.9},
        {"payee": "Brook", "amount_pence": 100, "registered_name": "", "candidate_id": "", "confidence": 0.0, "evidence": "", "share": 0.1},
    ])  # fmt: skip
    found = paid.undecided(frame, "alder")
    assert found["lines"].split("\n") == [
        "payee,publisher,supplier_id,who,when,why,evidence", f'"Acme, ""Care""",alder,{ACME},,,,', "Brook,alder,,,,,",
    ]  # fmt: skip
    assert [row["may_be"] for row in found["rows"]] == ["ACME CARE LIMITED", ""]
    assert paid.undecided(frame.iloc[:0], "alder") is None


@pytest.mark.parametrize(
    ("method", "confidence", "word"),
    [("decision", 1.0, "checked by a person"), ("printed number", 0.9, "certain"), ("same name", 0.98, "certain"),
     ("same name", 0.979, "likely"), ("near name", None, "likely")],
)  # fmt: skip
def test_how_sure_is_one_of_three_words(method, confidence, word):
    assert said_of.sureness(method, confidence) == word


def test_every_word_of_evidence_is_said_plainly():
    weights = pd.read_csv(invented.HOUSE / "datapackages/vocabulary/match_weights.csv")["feature"]
    unsaid = set(weights) - set(said_of.EVIDENCE) - {"accept from", "review from", "anybody", "bare word"}
    assert unsaid == set()


@pytest.mark.parametrize(
    ("supplier", "says"),
    [("GB-COH-SC012345", "Company SC012345"), ("GB-CHC-1087654-1", "Charity 1087654-1"), ("GB-SC-SC042386", "Scottish charity SC042386"),
     ("GB-GOR-EA199", "Government body EA199"), ("GB-IRN-12", "IRN number 12"), ("", "")],
)  # fmt: skip
def test_an_id_is_said_in_words(supplier, says):
    assert facts.supplier_words(supplier) == says


def test_every_register_that_organisations_come_from_has_a_name_here():
    declared = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (invented.HOUSE / "datapackages/registers").glob("*.yaml")
    ]
    prefixes = {
        prefix for one in declared for prefix in (one.get("prefixes") or {"": one.get("prefix")}).values() if prefix
    }
    assert len(prefixes) > 8
    assert prefixes - set(said_of.REGISTERS) == set()
