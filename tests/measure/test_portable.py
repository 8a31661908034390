"""
Every named SQL text, and every one that is composed, says only what both engines mean alike.

What differs without a word was found by asking both: `conformance/*.md` holds a case of each.
"""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from dagster_project.measure import knowing
from dagster_project.measure.forms import share, weighted
from dagster_project.stages import breakdowns
from dagster_project.stages.dialect import for_spark, spark_sql
from dagster_project.stages.plan import Plan

PLAN = Plan()
HOUSE = Path(__file__).parents[2]
MEASURE = HOUSE / "dagster_project" / "measure"

#: Functions that the conformance cases use on both engines. Whoever adds one adds a case first.
ALLOWED = {
    "abs", "and", "arg_max", "bool_and", "bool_or", "case", "cast", "coalesce", "count", "greatest", "if",
    "lag", "least", "left", "length", "lower", "make_date", "max", "median", "min", "month", "nullif", "or",
    "pad", "printf", "regexp_extract", "regexp_like", "regexp_replace", "replace", "right", "round",
    "row_number", "split_part", "strftime", "sum", "trim", "try_cast", "upper", "year",
}  # fmt: skip
#: What sqlglot calls them in its tree.
NAMES = {
    "logical_and": "bool_and", "logical_or": "bool_or", "date_from_parts": "make_date", "time_to_str": "strftime",
}  # fmt: skip
#: Clauses that DuckDB has alone, or that sqlglot turns into something else: QUALIFY sees a column before its alias in
#: DuckDB, and the alias before the column once translated.
FORBIDDEN = (
    exp.Qualify, exp.Pivot, exp.Lambda, exp.Struct, exp.Array, exp.Columns, exp.Avg, exp.AnyValue, exp.Quantile,
    exp.IntDiv, exp.DateDiff, exp.Unnest, exp.Limit, exp.Parameter, exp.Placeholder,
)  # fmt: skip
#: Columns that tell rows apart, or all that a query reads of rows that are not told apart. Windows end with them.
KEYS = (
    {"publisher", "period", "payee_unit", "payee_class"},
    {"publisher", "file_id"},
    {"publisher", "service"},
    {"publisher", "period", "value", "v"},
    {"supplier_id", "made_up_on", "category", "accounts", "sic", "name", "postcode"},
    {"supplier_id", "income", "name", "postcode"},
    {"supplier_id", "year_end", "median_gap", "size"},
    {"supplier_id", "year_end", "ended", "days", "within_30"},
    {"year", "kilograms", "division"},
    {"supplier_id", "publisher", "payee", "payee_key"},
    {"id", "body"},
    {"amount_pence", "card_amount_pence", "supplier_id"},
)
#: Functions that mean nothing without an order.
ORDERED = ("row_number", "lag")


class _Columns(dict):
    """Stands for an engine that holds payments with every column."""

    def execute(self, _query):
        return self

    def fetchall(self):
        return [(name, "VARCHAR") for name in (*knowing.PAID, "payee_postcode")]


def texts():
    """Where each text stands, and the text."""
    for path in sorted(MEASURE.rglob("*.sql")):
        yield str(path.relative_to(HOUSE)), path.read_text(encoding="utf-8")
    for measure in PLAN.measures:
        where = f"datapackages/measures/{measure.id}.yaml"
        if measure.form == "share":
            yield f"{where} in measure/forms/share.py", share.sums_sql([measure], PLAN.denominators)
        elif measure.form == "weighted":
            yield f"{where} in measure/forms/weighted.py", weighted.sums_sql(measure, PLAN.denominators)
    yield "measure/knowing.py, paid_view", knowing.paid_view(_Columns())
    yield "stages/breakdowns.py, PARTS", breakdowns.parts_sql(PLAN.bought_rules)


def line_of(node):
    """The line on which a node of the tree stands, as far as sqlglot kept it."""
    return next((part.meta["line"] for part in node.walk() if "line" in part.meta), "?")


def name_of(function):
    """What a text calls a function."""
    if isinstance(function, exp.Anonymous):
        return function.name.lower()
    name = function.sql_name().lower()
    return NAMES.get(name, name)


def broken(text):
    """Rules that a text breaks, each with its line."""
    for statement in sqlglot.parse(text, read="duckdb"):
        for node in statement.walk() if statement else ():
            if said := "; ".join(_broken(node)):
                yield f"line {line_of(node)}: {said}, in: {node.sql('duckdb')[:90]}"


def _broken(node):
    if isinstance(node, FORBIDDEN):
        yield f"{type(node).__name__} does not mean the same on both engines"
    elif isinstance(node, exp.Func) and name_of(node) not in ALLOWED:
        yield f"the function '{name_of(node)}' is not on the list"
    if isinstance(node, exp.Div) and not all(
        isinstance(side.unnest(), exp.Cast) for side in (node.this, node.expression)
    ):
        yield "both sides of a division are cast first"
    if isinstance(node, exp.DataType) and node.is_type("float", "double") and not _is_confidence(node):
        yield "floating-point numbers depend on the order of sums"
    if isinstance(node, exp.Window):
        yield from _order(node)
    if isinstance(node, exp.Select):
        yield from _stars(node)
    if isinstance(node, (exp.RegexpLike, exp.RegexpExtract, exp.RegexpReplace)):
        yield from _pattern(node)


def _is_confidence(node):
    return any(parent.alias == "confidence" for parent in (node.parent, node.parent.parent) if parent)


def _order(window):
    """A window that counts or adds up in an order has an order without ties."""
    order = window.args.get("order")
    function = window.this.this if isinstance(window.this, exp.Filter) else window.this
    if order is None:
        if name_of(function) in ORDERED:
            yield "a window without an order"
        return
    told = [*(window.args.get("partition_by") or ()), *order.expressions]
    columns = {column.name for part in told for column in part.find_all(exp.Column)}
    if not any(key <= columns for key in KEYS):
        yield f"the order of a window has ties: none of the keys is within {sorted(columns)}"
    if name_of(function) not in ORDERED and not window.args.get("spec"):
        yield "a sum in an order says which rows: RANGE takes ties together, ROWS does not"


def _stars(select):
    """Spark puts the columns of USING first where a star takes all of them."""
    if any(join.args.get("using") for join in select.args.get("joins") or ()):
        for said in select.expressions:
            if isinstance(said, exp.Column) and isinstance(said.this, exp.Star):
                yield "a star over a join with USING: its columns come in another order"


def _pattern(node):
    pattern = node.expression
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        yield "a pattern is a literal, so that it can be read for both engines"
        return
    inside = "".join(re.findall(r"\[[^\]]*\]", pattern.name))
    if re.search(r"\\[bswWSBpPzAZ]|\$", inside) or re.search(r"\\[wWSBpPzAZ]|\(\?[^:]", pattern.name):
        yield "a pattern has signs that the engines read differently"
    if isinstance(node, exp.RegexpReplace) and "g" not in (node.args.get("modifiers") or exp.Literal.string("")).name:
        yield "regexp_replace without 'g' replaces once in DuckDB and everywhere in Spark"


@pytest.mark.parametrize(("where", "text"), texts(), ids=lambda value: value if len(value) < 99 else "")
def test_a_text_keeps_the_rules_and_can_be_said_to_spark(where, text):
    assert not [f"{where}, {said}" for said in broken(text)]
    for statement in for_spark(text):
        asked = statement.expression if isinstance(statement, exp.Create) else statement
        assert sqlglot.parse_one(spark_sql(asked), read="spark")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("SELECT a FROM t\nQUALIFY row_number() OVER (PARTITION BY publisher ORDER BY file_id) = 1", "Qualify"),
        ("SELECT\n a / 2 FROM t", "both sides of a division are cast first"),
        ("SELECT CAST(a AS DOUBLE) FROM t", "floating-point"),
        ("SELECT soundex(a) FROM t", "'soundex' is not on the list"),
        ("SELECT row_number() OVER (PARTITION BY publisher ORDER BY pence) FROM t", "ties"),
        ("SELECT row_number() OVER (PARTITION BY publisher) FROM t", "without an order"),
        ("SELECT sum(v) OVER (PARTITION BY publisher, period ORDER BY value, v) FROM t", "says which rows"),
        ("SELECT p.* FROM p JOIN c USING (a)", "USING"),
        ("SELECT regexp_replace(a, 'b', 'c') FROM t", "without 'g'"),
        (r"SELECT regexp_matches(a, '\w') FROM t", "read differently"),
        ("SELECT regexp_matches(a, b) FROM t", "a literal"),
        ("SELECT date_diff('month', a, b) FROM t", "DateDiff"),
        ("SELECT a FROM t LIMIT 3", "Limit"),
    ],
)
def test_a_text_that_breaks_a_rule_is_named_with_its_line(text, rule):
    said = list(broken(text))
    assert any(rule in one for one in said), said
    assert all(re.match(r"line (\d+|\?):", one) for one in said)


def test_the_line_of_a_breach_is_the_line_of_the_file():
    assert next(iter(broken("SELECT a\nFROM t\nWHERE soundex(a) = 'x'"))).startswith("line 3:")
