"""What was bought is read from a payment's own words; figures of parts are figures like all others."""

import duckdb
import pandas as pd
import pytest

from dagster_project.declare.buying import NOTHING_SAID
from dagster_project.measure.buying import NOT_SAID, bought_sql
from tests.measure.ledgers import PLAN

RULES = PLAN.bought_rules


def bought(category, purpose=""):
    sql = bought_sql(RULES, ("category", "purpose"))
    with duckdb.connect() as engine:
        return engine.execute(
            f"SELECT {sql} FROM (SELECT ? AS category, ? AS purpose)", [category, purpose]
        ).fetchone()[0]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule)
def test_a_rule_takes_its_example_and_not_its_counter_example(rule):
    with duckdb.connect() as engine:
        fires = [
            engine.execute("SELECT regexp_matches(lower(?), ?)", [words, rule.pattern]).fetchone()[0]
            for words in (rule.example, rule.counter_example)
        ]
    assert fires == [True, False]
    assert bought(rule.example) == (NOT_SAID if rule.bought == NOTHING_SAID else rule.bought)


@pytest.mark.parametrize(
    ("category", "purpose", "is_"),
    [
        ("Cleaning Materials", "", "goods"),
        ("Equipment Hire", "", "services"),
        ("Repair and maintenance of buildings", "", "works"),
        ("Vehicle maintenance", "", "services"),
        ("Supplies and Services", "Printing and stationery", "goods"),
        ("Supplies & Services - Printing", "", "services"),
        ("Grants to voluntary organisations", "Advice services", "nothing bought"),
        ("", "Demolition of the old depot", "works"),
        ("Miscellaneous", "Sundry", NOT_SAID),
        ("", "", NOT_SAID),
    ],
)
def test_the_category_speaks_before_the_purpose(category, purpose, is_):
    assert bought(category, purpose) == is_


@pytest.fixture(scope="module")
def tables(sample_build):
    folder = sample_build / "packages" / "all"
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in ("figures", "breakdowns", "payments")}


@pytest.mark.parametrize("breakdown", ["bought", "service"])
def test_parts_add_up_to_the_whole_to_the_penny(tables, breakdown):
    whole = tables["figures"].query("measure == 'spend'").set_index(["publisher", "period"])["base"]
    parts = tables["breakdowns"].query("measure == 'spend' and breakdown == @breakdown")
    added = parts.groupby(["publisher", "period"])["base"].sum()
    assert added.to_dict() == whole.to_dict()
    assert parts["part"].nunique() > 3


def test_a_service_has_what_plain_pandas_says_it_has(tables):
    paid = tables["payments"].query("publisher == 'northbeck' and dataset_kind == 'payments'")
    month = paid["month"].fillna("")
    year = paid[(month >= "2023-04") & (month <= "2024-03")]
    plain = year.groupby(year["department"].fillna("").str.strip())["amount"].sum()
    said = tables["breakdowns"].query(
        "publisher == 'northbeck' and period == '2023-24' and breakdown == 'service' and measure == 'spend'"
    )
    assert dict(zip(said["part"].replace(NOT_SAID, ""), said["base"], strict=True)) == plain.to_dict()


def test_services_have_no_places_and_goods_are_compared_with_goods(tables):
    services = tables["breakdowns"].query("breakdown == 'service'")
    assert not services["is_ranked"].any()
    assert services["rank_best"].isna().all()
    ranked = tables["breakdowns"].query("breakdown == 'bought' and is_ranked")
    assert len(ranked)
    assert (ranked["population"].str.split(", ").str[1] == ranked["part"]).all()
