"""Who was paid, over all bodies: a tiny ledger worked out by hand, the law of sums, and the package of the sample."""

import hashlib

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.flow import Job, table_key
from dagster_project.model.ids import name_id, supplier_figure_id
from dagster_project.stages import room
from dagster_project.stages.plan import Plan
from dagster_project.stages.printing_suppliers import put
from dagster_project.stages.reviewing import undecided
from dagster_project.stages.supplier_figures import sums_differ, verify_supplier
from dagster_project.stages.suppliers import PART_TABLES, TABLES, gather
from dagster_project.stages.verifying import NothingToVerify
from dagster_project.store import NotingStore, Store
from tests.conftest import local_pound

ACME, DALE, ELM = "GB-COH-00000001", "GB-COH-00000002", "GB-CHC-100003"
BROOK = name_id("brook", "supplier")
#: Payee, class, legal body, outcome, method, confidence.
PAYEES = {
    "Acme Care Ltd": ("supplier", ACME, "accepted", "same name", 0.99),
    "Acme": ("supplier", ACME, "accepted", "decision", 1.0),
    "Dale plc": ("supplier", DALE, "accepted", "printed number", 1.0),
    "Elm Trust": ("supplier", ELM, "accepted", "near name", 0.8),
    "Brook": ("supplier", "", "none", "", 0.0),
    "BROOK.": ("supplier", "", "review", "near name", 0.4),
    "Jo Example": ("individual", "", "none", "", 0.0),
    "Withheld": ("redacted", "", "none", "", 0.0),
    "": ("unreadable", "", "none", "", 0.0),
    "[masked]": ("supplier", "", "none", "", 0.0),
}
#: Body, payee, month, kind, department, pence.
LEDGER = [
    ("alder", "Acme Care Ltd", "2022-05", "payments", "Care", 10_000),
    ("alder", "Acme Care Ltd", "2022-06", "payments", "Care", 5_000),
    ("alder", "Acme", "2023-04", "payments", "", 1_000),
    ("birch", "Acme Care Ltd", "2023-05", "payments", "Adults", -100),
    ("birch", "Acme Care Ltd", "2023-05", "cards", "", 200),
    ("alder", "Dale plc", "2022-05", "payments", "Roads", 10_000_000),
    ("alder", "Elm Trust", "2022-05", "payments", "Arts", 9_999_999),
    ("alder", "Elm Trust", "", "payments", "Arts", 1),
    ("alder", "Brook", "2022-05", "payments", "", 2_000),
    ("birch", "BROOK.", "2022-05", "payments", "", 400),
    ("alder", "Jo Example", "2022-05", "payments", "Care", 500),
    ("alder", "Withheld", "2022-05", "payments", "Care", 700),
    ("birch", "", "2022-05", "payments", "Care", 300),
    ("birch", "[masked]", "2022-05", "payments", "Care", 900),
]
YEARS = {"2022": "2022-23", "2023": "2023-24", "": ""}


def key_of_payee(body, payee):
    return hashlib.sha256(f"{body} {payee}".encode()).hexdigest()[:16]


def tables(ledger):
    """A ledger as the tables that a build has before suppliers are gathered."""
    texts = ("category", "purpose", "reference")
    payments = pd.DataFrame([
        {"payment_id": f"{at:016x}", "publisher": body, "payee_key": key_of_payee(body, payee), "dataset_kind": kind,
         "date": f"{month}-01" if month else "", "month": month, "period": YEARS[month[:4]], "payee": payee,
         "amount_pence": pence, "is_redacted": PAYEES[payee][0] == "redacted", "department": department,
         **dict.fromkeys(texts, ""), "file_id": "f" * 16, "table": 1, "record": at + 2}
        for at, (body, payee, month, kind, department, pence) in enumerate(ledger)
    ])  # fmt: skip
    rows = []
    for (body, payee), own in payments.groupby(["publisher", "payee"]):
        payee_class, supplier, outcome, method, confidence = PAYEES[payee]
        candidate = supplier or ("GB-COH-00000009" if outcome == "review" else "")
        rows.append({
            "publisher": body, "payee_key": key_of_payee(body, payee), "payee": payee, "payee_class": payee_class, "kind": "company",
            "supplier_id": supplier, "match": outcome, "candidate_id": candidate, "registered_name": payee.upper() if candidate else "",
            "confidence": confidence, "evidence": "same name" if candidate else "", "method": method, "payee_lad_code": "",
            "payee_lad_source": "", "payments": len(own), "amount_pence": int(own["amount_pence"].sum()),
        })  # fmt: skip
    bodies = [
        (1, ACME, "ACME CARE LIMITED", "Active", "2001-02-03", "LS11AA", "GB-CHC-100001"),
        (2, DALE, "DALE PLC", "Active", "1990-01-01", "", ""),
    ]
    coverage = payments.loc[payments["month"] != "", ["publisher", "dataset_kind", "month"]].drop_duplicates()
    names = ["body", "id", "name", "status", "start", "postcode", "same_as"]
    return {
        "payments": payments, "payees": pd.DataFrame(rows), "coverage": coverage,
        "bodies": pd.DataFrame(bodies, columns=names), "aliases": pd.DataFrame({"other": ["GB-CHC-100001"], "id": [ACME]}),
        "postcodes": pd.DataFrame({"postcode_key": ["LS11AA"], "lad_code": ["E08000035"]}),
    }  # fmt: skip


def gathered(folder, ledger):
    """What is gathered of a ledger: the summary, and every table by name."""
    store, job = Store(str(folder)), Job("all", "k")
    payload = {}
    for name, frame in tables(ledger).items():
        store.write_frame(f"{name}.parquet", frame)
        payload[name] = [f"{name}.parquet"]
    files = pd.DataFrame(
        [
            {
                "publisher": "alder",
                "file_id": "f" * 16,
                "name": "a.csv",
                "sha256": "f" * 64,
                "source_url": "",
                "retrieved": "",
            }
        ]
    )
    summary = gather(store, Job("all", "k", payload | {"files": files}))
    names = [
        *TABLES,
        "pages",
        *(f"paid-{part}" for part in summary["parts"]),
        *(f"{name}-{part}" for part in summary["parts"] for name in PART_TABLES),
        "no_room",
    ]
    return summary, {name: store.read_frame(table_key("suppliers", "all", job.key, name)) for name in names}


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory):
    return gathered(tmp_path_factory.mktemp("ledger"), LEDGER)


def row(frame, supplier):
    (found,) = frame[frame["supplier_id"] == supplier].to_dict("records")
    return found


def test_every_organisation_is_one_row_and_people_are_none(by_hand):
    _, found = by_hand
    assert set(found["suppliers"]["supplier_id"]) == {ACME, DALE, ELM, BROOK}
    for name in TABLES:
        assert "Jo Example" not in found[name].to_csv()
        assert "Withheld" not in found[name].to_csv()


def test_sums_bodies_and_months_of_one_supplier(by_hand):
    acme = row(by_hand[1]["suppliers"], ACME)
    assert (acme["bodies"], acme["payments"], acme["amount_pence"]) == (2, 4, 15_900)
    assert (acme["card_payments"], acme["card_amount_pence"]) == (1, 200)
    assert (acme["first_month"], acme["last_month"]) == ("2022-05", "2023-05")
    assert (acme["name"], acme["register_status"], acme["registered_since"]) == (
        "ACME CARE LIMITED",
        "Active",
        "2001-02-03",
    )
    assert (acme["company_number"], acme["charity_number"], acme["other_ids"]) == (
        "00000001",
        "100001",
        "GB-CHC-100001",
    )
    assert (acme["postcode_area"], acme["lad_code"], acme["lad_source"]) == ("LS", "E08000035", "register")
    assert acme["figure_id"] == supplier_figure_id(ACME)


def test_confidence_is_weighted_by_pounds_and_a_decision_is_told(by_hand):
    acme = row(by_hand[1]["suppliers"], ACME)
    # 15,000 + 100 pence at 0.990 and 1,000 at 1.000; cards count to the name that they were paid under.
    assert acme["confidence"] == (15_100 * 990 + 1_000 * 1_000) // 16_100 / 1000
    assert (acme["method"], acme["is_reviewed"]) == ("same name", True)
    assert not row(by_hand[1]["suppliers"], DALE)["is_reviewed"]


def test_spellings_of_an_unregistered_name_meet_and_it_has_no_page(by_hand):
    brook = row(by_hand[1]["suppliers"], BROOK)
    assert (brook["name"], brook["outcome"], brook["bodies"], brook["amount_pence"]) == ("Brook", "review", 2, 2_400)
    assert pd.isna(brook["confidence"])
    assert not brook["has_page"]


@pytest.mark.parametrize(
    ("supplier", "has_page", "why"),
    [(ACME, True, "two bodies"), (DALE, True, "a hundred thousand pounds in a year, to the penny"), (ELM, False, "a penny less")],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)  # fmt: skip
def test_who_gets_a_page(by_hand, supplier, has_page, why):
    assert row(by_hand[1]["suppliers"], supplier)["has_page"] is has_page, why


def test_by_body_year_kind_and_service(by_hand):
    frame = by_hand[1]["supplier_payments_by_body"]
    acme = frame[frame["supplier_id"] == ACME]
    columns = [
        "publisher",
        "period",
        "dataset_kind",
        "department",
        "payments",
        "amount_pence",
        "first_month",
        "last_month",
    ]
    assert acme[columns].to_numpy().tolist() == [
        ["alder", "2022-23", "payments", "Care", 2, 15_000, "2022-05", "2022-06"],
        ["alder", "2023-24", "payments", "", 1, 1_000, "2023-04", "2023-04"],
        ["birch", "2023-24", "cards", "", 1, 200, "2023-05", "2023-05"],
        ["birch", "2023-24", "payments", "Adults", 1, -100, "2023-05", "2023-05"],
    ]
    assert frame.loc[frame["supplier_id"] == ELM, "period"].tolist() == ["2022-23", "undated"]


def test_each_name_says_how_sure_it_is(by_hand):
    names = by_hand[1]["supplier_names"]
    told = {(r.supplier_id, r.publisher, r.payee): (r.outcome, r.method) for r in names.itertuples()}
    assert told[ACME, "alder", "Acme"] == ("accepted", "decision")
    assert told[BROOK, "birch", "BROOK."] == ("review", "near name")
    assert pd.isna(names.loc[names["payee"] == "Brook", "confidence"].item())


def test_pages_get_every_payment_and_the_years_that_are_whole(by_hand):
    summary, found = by_hand
    paid = pd.concat([frame for name, frame in found.items() if name.startswith("paid-")])
    assert sorted(zip(paid["supplier_id"], paid["amount_pence"], strict=True)) == sorted(
        [(ACME, 10_000), (ACME, 5_000), (ACME, 1_000), (ACME, -100), (ACME, 200), (DALE, 10_000_000)]
    )
    years = pd.concat([frame for name, frame in found.items() if name.startswith("supplier_years-")])
    columns = ["period", "payments", "pence", "bodies", "whole", "silent"]
    assert years[years["supplier_id"] == ACME][columns].to_numpy().tolist() == [
        ["2022-23", 2, 15_000, 2, 0, 0], ["2023-24", 2, 900, 2, 0, 0],
    ]  # fmt: skip
    assert sum(part["suppliers"] for part in summary["parts"].values()) == summary["pages"] == 2


def test_pages_say_who_paid_for_what_and_the_largest_payments_cards_left_aside(by_hand):
    def of_acme(table, *columns):
        rows = pd.concat([frame for name, frame in by_hand[1].items() if name.startswith(f"{table}-")])
        return rows.loc[rows["supplier_id"] == ACME, list(columns)].to_numpy().tolist()

    columns = ("publisher", "payments", "pence", "first", "last", "mostly", "payers", "least_pence")
    assert of_acme("supplier_bodies", *columns) == [
        ["alder", 3, 16_000, "2022-05", "2023-04", "Care", 2, -100], ["birch", 1, -100, "2023-05", "2023-05", "Adults", 2, -100],
    ]  # fmt: skip
    assert of_acme("supplier_spellings", "payee", "method", "confidence", "payments", "weight_pence") == [
        ["Acme Care Ltd", "same name", 0.99, 4, 15_100], ["Acme", "decision", 1.0, 1, 1_000],
    ]  # fmt: skip
    assert of_acme("supplier_services", "publisher", "department", "pence") == [
        ["alder", "Care", 15_000], ["birch", "Adults", -100],
    ]  # fmt: skip
    assert of_acme("supplier_largest", "amount_pence", "is_shown") == [
        [10_000, True], [5_000, True], [1_000, True], [-100, True],
    ]  # fmt: skip


def test_where_there_is_room_for_one_the_one_paid_most_has_the_page(monkeypatch, tmp_path):
    monkeypatch.setattr(room, "PAGES", 1)
    summary, found = gathered(tmp_path, LEDGER)
    assert summary["pages"] == 1
    assert row(found["suppliers"], DALE)["has_page"]
    assert not row(found["suppliers"], ACME)["has_page"]
    assert found["no_room"]["supplier_id"].tolist() == [ACME]  # not those who could have no page anyway


@pytest.mark.parametrize(
    ("at_most", "carried", "why"),
    [
        (6 * room.A_ROW, {ACME, DALE}, "all six payments"),
        (5 * room.A_ROW, {DALE}, "one fewer: who was paid most comes first"),
        (0, set(), "no room at all"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_payments_are_carried_as_files_while_there_is_room(monkeypatch, tmp_path, at_most, carried, why):
    monkeypatch.setattr(room, "FILES_AT_MOST", at_most)
    summary, found = gathered(tmp_path, LEDGER)
    paid = pd.concat([frame for name, frame in found.items() if name.startswith("paid-")])
    assert set(paid["supplier_id"]) == carried, why
    assert summary["pages"] == 2


def test_the_same_ledger_is_the_same_bytes(by_hand, tmp_path):
    again, _ = gathered(tmp_path, LEDGER)
    assert again == by_hand[0]


MONEY = st.integers(-10_000_000, 10_000_000)
ROWS = st.lists(
    st.tuples(st.sampled_from(["alder", "birch", "cedar"]), st.sampled_from(sorted(PAYEES)),
              st.sampled_from(["2022-05", "2023-05", ""]), st.sampled_from(["payments", "cards"]),
              st.sampled_from(["", "Care", "Roads"]), MONEY),
    min_size=1, max_size=30,
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(ROWS)
def test_suppliers_and_what_is_left_out_are_all_payments_to_the_penny(tmp_path_factory, ledger):
    summary, found = gathered(tmp_path_factory.mktemp("ledger"), ledger)
    total, number = sum(line[-1] for line in ledger), len(ledger)
    suppliers = found["suppliers"]
    assert suppliers[["amount_pence", "card_amount_pence"]].to_numpy().sum() + summary["left_out_pence"] == total
    assert suppliers[["payments", "card_payments"]].to_numpy().sum() + summary["left_out"] == number
    for name in ("supplier_names", "supplier_payments_by_body"):
        assert found[name]["amount_pence"].sum() + summary["left_out_pence"] == total
        assert found[name]["payments"].sum() + summary["left_out"] == number
    nobody = [line[-1] for line in ledger if line[1] in ("Jo Example", "Withheld", "", "[masked]")]
    assert (summary["left_out"], summary["left_out_pence"]) == (len(nobody), sum(nobody))


def test_names_to_decide_about_come_by_the_pounds_that_they_hold():
    payees = tables(LEDGER)["payees"].assign(payee_lad_code="")
    payees.loc[payees["payee"] == "Dale plc", "payee_lad_code"] = "E08000035"
    found = undecided(payees[payees["publisher"] == "alder"])
    assert found["payee"].tolist() == ["Elm Trust", "Acme Care Ltd", "Brook", "Acme"]
    assert found["share"].tolist() == [
        10_000_000 / 20_018_000,
        15_000 / 20_018_000,
        2_000 / 20_018_000,
        1_000 / 20_018_000,
    ]
    assert undecided(payees.assign(payee_lad_code="E08000035")).empty


def test_a_page_that_stays_as_it_is_is_not_written_again(tmp_path):
    first, again = NotingStore(str(tmp_path)), NotingStore(str(tmp_path))
    assert put(first, "suppliers/a/index.html", b"one")
    written = (tmp_path / "portal/suppliers/a/index.html").stat().st_mtime_ns
    assert not put(again, "suppliers/a/index.html", b"one")
    assert (tmp_path / "portal/suppliers/a/index.html").stat().st_mtime_ns == written
    assert again.written == first.written, "a job answers for it all the same"
    assert put(again, "suppliers/a/index.html", b"two")


def test_what_one_body_adds_changes_the_parts_of_its_own_suppliers_alone(by_hand, tmp_path):
    more = [*LEDGER, ("birch", "Dale plc", "2023-05", "payments", "Roads", 100)]
    before, after = by_hand[0]["parts"], gathered(tmp_path, more)[0]["parts"]
    of_dale = {part for part, told in before.items() if told["suppliers"] and "birch" not in told["publishers"]}
    assert len(before) == 2
    assert {part for part in before if before[part] != after[part]} == of_dale


# --- the sample ---


def table(path):
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def pence(texts):
    return sum(int(text.replace(".", "")) for text in texts)


def test_the_package_of_the_sample_adds_up_to_all_of_its_payments(sample_build):
    packages = sample_build / "packages"
    suppliers, payments = table(packages / "suppliers" / "suppliers.csv"), table(packages / "all" / "payments.csv")
    nobody = payments["payee_class"].isin(["individual", "redacted", "unreadable"]) | (payments["payee_missing"] != "")
    assert nobody.sum() > 1000
    left_out = pence(payments.loc[nobody, "amount"])
    assert pence(suppliers["amount"]) + pence(suppliers["card_amount"]) + left_out == pence(payments["amount"])
    assert f"Left out: {nobody.sum():,} payments" in (packages / "suppliers" / "README.md").read_text(encoding="utf-8")


def test_a_supplier_of_the_sample_is_what_its_payments_say(sample_build):
    packages = sample_build / "packages"
    suppliers, payments = table(packages / "suppliers" / "suppliers.csv"), table(packages / "all" / "payments.csv")
    most = (
        suppliers[suppliers["outcome"] == "accepted"]
        .sort_values("bodies", key=lambda texts: -texts.astype(int))
        .iloc[0]
    )
    own = payments[(payments["supplier_id"] == most["supplier_id"]) & (payments["dataset_kind"] == "payments")]
    assert int(most["bodies"]) == own["publisher"].nunique() >= 4
    assert (int(most["payments"]), pence([most["amount"]])) == (len(own), pence(own["amount"]))
    by_body = table(packages / "suppliers" / "supplier_payments_by_body.csv")
    mine = by_body[(by_body["supplier_id"] == most["supplier_id"]) & (by_body["dataset_kind"] == "payments")]
    assert pence(mine["amount"]) == pence(most[["amount"]])


def test_the_sums_of_a_supplier_are_verified_and_a_forged_one_is_named(sample_build, tmp_path):
    suppliers = table(sample_build / "packages" / "suppliers" / "suppliers.csv")
    registered, named = (suppliers[suppliers["supplier_id"].str.startswith(kind)].iloc[0] for kind in ("GB-", "name-"))
    said = local_pound("verify", registered["figure_id"], "--out", sample_build).stdout
    assert "The same again." in said
    assert registered["supplier_id"] in said
    assert verify_supplier(Plan(out=str(sample_build)), named["figure_id"])[0]
    forged = tmp_path / "packages"
    for place in (
        "all/payments.parquet",
        "all/datapackage.json",
        "suppliers/supplier_names.parquet",
        "suppliers/datapackage.json",
    ):
        (forged / place).parent.mkdir(parents=True, exist_ok=True)
        (forged / place).hardlink_to(sample_build / "packages" / place)
    parquet = pd.read_parquet(sample_build / "packages" / "suppliers" / "suppliers.parquet")
    parquet.loc[parquet["figure_id"] == named["figure_id"], "payments"] += 1
    parquet.to_parquet(forged / "suppliers" / "suppliers.parquet")
    same, said = verify_supplier(Plan(out=str(tmp_path)), named["figure_id"])
    assert not same
    assert "DIFFERENT: recomputed from the published payments, payments is" in said
    with pytest.raises(NothingToVerify, match="No figure s-000000000000"):
        verify_supplier(Plan(out=str(sample_build)), "s-000000000000")


def test_pages_are_no_larger_than_their_room_says(portal_dir):
    sizes = [path.stat().st_size for path in portal_dir.glob("suppliers/gb-*/index.html")]
    assert sum(sizes) / len(sizes) <= room.A_PAGE


def test_the_package_is_worked_out_again_from_the_published_payments(sample_build, tmp_path):
    plan, packages = Plan(out=str(sample_build)), sample_build / "packages" / "suppliers"
    assert sums_differ(plan, packages) == []
    for path in packages.glob("*.parquet"):
        (tmp_path / path.name).hardlink_to(path)
    for name, column in (("suppliers", "bodies"), ("supplier_payments_by_body", "payments")):
        frame = pd.read_parquet(packages / f"{name}.parquet")
        frame.loc[0, column] += 1
        (tmp_path / f"{name}.parquet").unlink()
        frame.to_parquet(tmp_path / f"{name}.parquet")
        found = sums_differ(plan, tmp_path)
        assert [sentence.split(":")[0] for sentence in found][:1] == [f"{name}.parquet"]
        assert frame.loc[0, "supplier_id"] in found[0]
