"""Named SQL, which is written in DuckDB's dialect, for Spark: sqlglot's translation, and what it cannot know of meanings."""

from __future__ import annotations

import re
from functools import lru_cache

import sqlglot
from sqlglot import exp

#: Letters that Java lowers by their neighbours or to two letters, and what DuckDB makes of each alone.
LOWERED = {"İ": "i", "Σ": "σ"}
#: Signs of RE2 that Java reads with more or fewer letters in mind.
IN_JAVA = {
    "b": r"(?:(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?![0-9A-Za-z_]))",
    "s": r"[\t\n\f\r ]",
}
#: Every space of Unicode, which DuckDB trims; Spark trims one.
SPACES = r"^\p{Zs}+|\p{Zs}+$"


@lru_cache(maxsize=256)
def for_spark(text: str) -> tuple[exp.Expr, ...]:
    """
    The statements of a text in DuckDB's dialect, with DuckDB's meanings, to be written as Spark's.

    Raises:
        sqlglot.errors.SqlglotError: it cannot be read, or has something that Spark cannot be told.
    """
    statements = [statement for statement in sqlglot.parse(text, read="duckdb") if statement is not None]
    for statement in statements:
        # What is within first: a node that takes another's place is not looked into again.
        for node in reversed(list(statement.walk())):
            if (meant := _meant(node)) is not node:
                node.replace(meant)
    return tuple(statements)


def spark_sql(statement: exp.Expr) -> str:
    """
    A statement of `for_spark` as text.

    Raises:
        sqlglot.errors.UnsupportedError: Spark cannot be told.
    """
    return statement.sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE, comments=False)


def java_pattern(pattern: str) -> str:
    r"""
    A regular expression of RE2 as Java reads it: `\b` and `\s` know no letters but ASCII's, `$` is the very end.

    Signs within square brackets stay; our patterns have none there.
    """

    def turned(found: re.Match[str]) -> str:
        sign = found.group()
        return r"\z" if sign == "$" else IN_JAVA.get(sign[1:], sign)

    return re.sub(r"\\.|\$", turned, pattern, flags=re.DOTALL)


def _meant(node: exp.Expr) -> exp.Expr:
    """A node of the tree with DuckDB's meaning."""
    if isinstance(node, exp.DataType) and node.is_type("int128"):
        return exp.DataType.build("DECIMAL(38, 0)")
    if isinstance(node, exp.Trim) and not node.expression:
        return exp.func("regexp_replace", node.this.copy(), exp.Literal.string(SPACES), exp.Literal.string(""))
    if isinstance(node, exp.Lower):
        letters, lowered = (exp.Literal.string("".join(side)) for side in (LOWERED, LOWERED.values()))
        return exp.Lower(this=exp.func("translate", node.this.copy(), letters, lowered))
    if isinstance(node, (exp.RegexpLike, exp.RegexpExtract, exp.RegexpReplace)) and node.expression.is_string:
        node.set("expression", exp.Literal.string(java_pattern(node.expression.name)))
    return node
