"""League tables: bodies of one kind, with the places that their bounds allow, and who is not ranked and why."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from dagster_project.portal import bars, charts, citing, facts, findings, formats, words
from dagster_project.portal.absent import absent
from dagster_project.portal.assets import has_engine
from dagster_project.portal.site import Site, SiteFrames
from dagster_project.portal.stamp import Stamp

CATERPILLAR_FROM, FUNNEL_FROM, TASTE_ROWS = 3, 8, 5


def groups(frames: SiteFrames, site: Site, bodies: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """
    Measure and kind to the table of the year that has most ranked bodies, else most known ones, else most of any.

    A table has that `year`, its rows in `ranked` and `others`, all its `years`, and in `of_years` the tables of every year
    that ranks anybody, which have addresses of their own.
    """
    names = {body["slug"]: body for body in bodies}
    measures = facts.declared(site)
    found: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {}
    for row in facts.rows(frames.figures):
        if row["measure"] in measures and row["publisher"] in names:
            figure = facts.figure(row, measures[row["measure"]]["unit"]) | {"body": names[row["publisher"]]}
            found.setdefault((row["measure"], row["population"]), {}).setdefault(row["period"], []).append(figure)
    return {key: _fullest(found[key]) for key in sorted(found)}


def _fullest(periods: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The table of the year to show, and those of every year with ranks."""

    def weight(period: str) -> tuple[int, int, int, str]:
        figures = periods[period]
        return sum(f["is_ranked"] for f in figures), sum(f["is_known"] for f in figures), len(figures), period

    ranked = [period for period in sorted(periods) if any(f["is_ranked"] for f in periods[period])]
    return _table(periods, max(periods, key=weight)) | {"of_years": {year: _table(periods, year) for year in ranked}}


def _table(periods: dict[str, list[dict[str, Any]]], year: str) -> dict[str, Any]:
    """The rows of a year: ranked ones in order, and the others with their reasons."""
    figures = periods[year]
    ranked = sorted(
        (f for f in figures if f["is_ranked"]), key=lambda f: (f["rank_best"], f["rank_worst"], f["body"]["name"])
    )
    others = sorted((f for f in figures if not f["is_ranked"]), key=lambda f: (-(f["low"] or 0), f["body"]["name"]))
    newest = {
        f["publisher"]: f for period in sorted(periods) for f in periods[period] if period != year and f["has_value"]
    }
    return {"year": year, "ranked": ranked, "others": others, "years": sorted(periods), "newest": newest}


def table_pages(stamp: Stamp, frames: SiteFrames, bodies: list[dict[str, Any]]) -> dict[str, bytes]:
    """The page of every measure and kind that has figures, and the index of them all."""
    found = groups(frames, stamp.site, bodies)
    measures = facts.declared(stamp.site)
    kinds = sorted(
        {kind for _, kind in found}, key=lambda kind: list(words.KINDS).index(kind) if kind in words.KINDS else 99
    )
    spend = frames.figures[frames.figures["measure"] == facts.SPEND]
    spent = {str(year): set(rows["publisher"]) for year, rows in spend.groupby("period", observed=True)}
    pages = {}
    for (measure, kind), table in found.items():
        own = [body for body in bodies if body["kind"] == kind]
        path = f"tables/{measure}/{words.kind_slug(kind)}/"
        for place, shown in ((path, table), *((f"{path}{year}/", one) for year, one in table["of_years"].items())):
            there = {f["publisher"] for f in (*shown["ranked"], *shown["others"])}
            shown["absent"] = absent(
                measures[measure], shown["year"], there, shown["newest"], own, spent.get(shown["year"], ())
            )
            shown["addresses"] = list(table["of_years"])
            others = (
                found if place == path else {key: one for key, one in found.items() if shown["year"] in one["of_years"]}
            )
            chips = [(stamp.site.kinds_name(k), words.kind_slug(k), k == kind) for k in kinds if (measure, k) in others]
            pages[f"{place}index.html"] = _page(
                stamp, frames, measures[measure], kind, shown, chips, place, place != path
            )
    index = [
        (measure, [(stamp.site.kinds_name(kind), words.kind_slug(kind), found[(measure["id"], kind)])
                   for kind in kinds if (measure["id"], kind) in found])
        for measure in measures.values()
    ]  # fmt: skip
    return pages | {
        "tables/index.html": stamp.page(
            "tables.html",
            "tables/",
            words.TABLES,
            words.TABLES_TITLE,
            words.TABLES_ABOUT,
            index=index,
            has_places=not frames.clusters.empty,
        )
    }


def _page(stamp: Stamp, frames: SiteFrames, measure: dict[str, Any], kind: str, table: dict[str, Any],
          chips: list[tuple[str, str, bool]], path: str, is_of_year: bool) -> bytes:  # fmt: skip
    """A table; at the address of a year without charts, and without texts to cite, which stand where its rows lead."""
    kinds = stamp.site.kinds_name(kind)
    nouns = words.in_sentence(kinds)
    ranks = [(f["rank_best"], f["rank_worst"]) for f in table["ranked"]]
    heading, sentence = findings.league(ranks, nouns)
    most = max((f["high"] for f in (*table["ranked"], *table["others"]) if f["has_value"]), default=0)
    for figure in (*table["ranked"], *table["others"]):
        figure["base_says"] = (
            formats.money(figure["base_pence"])
            if measure["counted_in"] == "pounds"
            else f"{formats.count(figure['base_pence'] / 100)} {measure['counted_in']}"
        )
        figure["bar"] = (
            bars.table_bar(figure["low"], figure["high"])
            if measure["unit"] == "share"
            else bars.size_bar(figure["high"] or 0, most)
        )
    title = words.LEAGUE_TITLE.format(measure=measure["name"], kinds=nouns)
    title = f"{title}, {formats.year(table['year'])}" if is_of_year else title
    return stamp.page(
        "table.html", path, words.TABLES, title,
        f"{measure['question']} {kinds}, {formats.year(table['year'])}.",
        measure=measure,
        kinds=kinds,
        nouns=nouns,
        table=table,
        chips=chips,
        heading=heading,
        sentence=sentence,
        is_of_year=is_of_year,
        has_engine=has_engine,
        chart="" if is_of_year else _chart(nouns, table),
        funnel="" if is_of_year else _funnel(nouns, measure, table),
        changes=_changes(table),
        replied=frames.replied,
        has_near=any(f["near_says"] for f in table["ranked"]),
        is_share=measure["unit"] == "share",
        is_local=measure["id"] == facts.LOCAL,
        csv=facts.download_like(frames.downloads, "figures"),
        citations=[] if is_of_year else _citations(stamp.site, measure, [*table["ranked"], *table["others"]]),
    )  # fmt: skip


def _citations(site: Site, measure: dict[str, Any], figures: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Figure id and text to copy of each row."""
    return [
        (f["figure_id"], citing.citation(site, f, measure, f["body"]["name"], citing.address_of(f))) for f in figures
    ]


def _chart(nouns: str, table: dict[str, Any]) -> Markup | str:
    """A caterpillar, where there is any doubt to be seen."""
    ranks = tuple((f["body"]["short"], int(f["rank_best"]), int(f["rank_worst"])) for f in table["ranked"])
    if len(ranks) < CATERPILLAR_FROM or all(best == worst for _, best, worst in ranks):
        return ""
    return charts.caterpillar(nouns, ranks)


def _funnel(nouns: str, measure: dict[str, Any], table: dict[str, Any]) -> Markup | str:
    """A funnel of a share of payees, where there are enough bodies for one."""
    points = tuple(
        (f["body"]["short"], float(weighs), f["low"], f["high"], int(f["base_pence"]))
        for f in table["ranked"] if (weighs := facts.number(f.get("effective_payees"))) is not None
    )  # fmt: skip
    if measure["form"] != "share" or measure["of"] != "payees" or len(points) < FUNNEL_FROM:
        return ""
    return charts.funnel(nouns, points)


def _changes(table: dict[str, Any]) -> list[tuple[str, str]]:
    """What would change the place of each ranked body: knowing more of it, or of the others."""
    spans = [
        (facts.number(f.get("outer_low")), facts.number(f.get("outer_high"))) for f in table["ranked"]
    ]  # fmt: skip
    ranges = [
        (f["low"], f["high"]) if low is None or high is None else (low, high)
        for f, (low, high) in zip(table["ranked"], spans, strict=True)
    ]
    return [
        (f["body"]["short"], findings.would_change(ranges[at], [r for i, r in enumerate(ranges) if i != at]))
        for at, f in enumerate(table["ranked"])
    ]


def taste(site: Site, frames: SiteFrames, bodies: list[dict[str, Any]]) -> dict[str, Any] | None:
    """A few rows of one league table for the home page: the fullest one of the local share, else of any share."""
    found = groups(frames, site, bodies)
    names = facts.declared(site)
    shares = [
        key for key in found if names[key[0]]["unit"] == "share" and len(found[key]["ranked"]) >= CATERPILLAR_FROM
    ]
    best = max(shares, key=lambda key: (key[0] == facts.LOCAL, len(found[key]["ranked"]), key), default=None)
    if best is None:
        return None
    table, path = found[best], f"tables/{best[0]}/{words.kind_slug(best[1])}/"
    said, _ = findings.league([(f["rank_best"], f["rank_worst"]) for f in table["ranked"]], "bodies")
    for figure in table["ranked"]:
        figure["bar"] = bars.table_bar(figure["low"], figure["high"])
    return {
        "measure": names[best[0]],
        "nouns": words.in_sentence(site.kinds_name(best[1])),
        "path": path,
        "year": table["year"],
        "rows": table["ranked"][:TASTE_ROWS],
        "total": len(table["ranked"]),
        "citations": _citations(site, names[best[0]], table["ranked"][:TASTE_ROWS]),
        "heading": f"{names[best[0]]['name']}: {words.in_sentence(said)}",
    }
