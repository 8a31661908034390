"""The query page: ready questions, a box, and the tables that a database in the browser reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.portal import facts, words
from dagster_project.portal import page_words as said
from dagster_project.portal.assets import has_engine
from dagster_project.portal.site import SiteFrames
from dagster_project.portal.stamp import Stamp, widened


def query_page(stamp: Stamp, frames: SiteFrames, bodies: Sequence[dict[str, Any]]) -> dict[str, bytes]:
    """
    The page `query/`, under a policy of its own.

    Raises:
        ValueError: the shell's policy is not the one that is widened here.
    """
    schemas = {schema["title"]: schema for schema in stamp.site.schemas}
    tables = [
        {**found, "name": schemas[found["title"]]["name"], "description": schemas[found["title"]]["description"],
         "fields": schemas[found["title"]]["fields"]}
        for found in frames.downloads
        if found["format"] == "parquet" and found.get("is_carried", True) and found["title"] in schemas
        and "://" not in found["href"]
    ]  # fmt: skip
    page = stamp.page(
        "query.html", "query/", words.DATA, said.QUERY_TITLE, said.QUERY_ABOUT,
        tables=tables, ready=ready_questions(bodies, {table["name"] for table in tables}), has_engine=has_engine,
    )  # fmt: skip
    # The database is compiled in the browser, and works in a process of its own.
    return {"query/index.html": widened(page, b"'wasm-unsafe-eval'", b" worker-src 'self';")}


def ready_questions(bodies: Sequence[Mapping[str, Any]], tables: set[str]) -> list[tuple[str, str]]:
    """Questions in words and in SQL, of the tables that are here; of a body, the one with most payments is asked."""
    most = max(
        (body for body in bodies if body["payments"]), key=lambda body: (body["payments"], body["slug"]), default=None
    )
    questions = []
    if most and "payments" in tables:
        where = f"publisher = '{most['slug']}' AND dataset_kind = 'payments'"
        questions += [
            (said.QUERY_WHO.format(name=most["short"]),
             (f"SELECT payee, sum(amount) AS pounds, count(*) AS payments\nFROM payments\nWHERE {where} AND payee <> ''\n"
             "GROUP BY payee\nORDER BY pounds DESC, payee\nLIMIT 20")),
            (said.QUERY_MONTHS.format(name=most["short"]),
             (f"SELECT month, sum(amount) AS pounds, count(*) AS payments\nFROM payments\nWHERE {where}\n"
             "GROUP BY month\nORDER BY month")),
            (said.QUERY_SHARED,
             ("SELECT supplier_id, count(DISTINCT publisher) AS bodies, sum(amount) AS pounds\nFROM payments\n"
             "WHERE supplier_id <> ''\nGROUP BY supplier_id\nORDER BY bodies DESC, pounds DESC, supplier_id\nLIMIT 20")),
        ]  # fmt: skip
    if "figures" in tables:
        questions.append((
            said.QUERY_SURE,
            (f"SELECT publisher, period, low, high, high - low AS doubt\nFROM figures\nWHERE measure = '{facts.LOCAL}' "
            "AND status = 'ok'\nORDER BY doubt, publisher, period\nLIMIT 20"),
        ))  # fmt: skip
    return questions
