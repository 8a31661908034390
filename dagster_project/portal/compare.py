"""Bodies beside each other: one printed page a body, and the files from which scripts compare any bodies at will."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dagster_project.model.figures import may_say
from dagster_project.portal import bars, breaks, facts, formats, paid, words
from dagster_project.portal import page_words as said
from dagster_project.portal.assets import for_scripts, has_engine
from dagster_project.portal.explore import chart_file
from dagster_project.portal.site import SiteFrames
from dagster_project.portal.stamp import Stamp

#: What a comparison starts with; other measures are counted below it.
MAIN = (facts.LOCAL, "e7-small-and-medium", "e9-voluntary-and-social", "e5-stays-in-the-region")
#: Peers on a printed page: with four measures, two sides of A4.
PEERS = 5
#: Decimals of a share in the files for scripts; bounds are moved outward to them.
DECIMALS = 6

Figures = Mapping[tuple[str, str, str], Mapping[str, Any]]


def compare_pages(
    stamp: Stamp, frames: SiteFrames, bodies: Sequence[dict[str, Any]], neighbours: Mapping[str, Sequence[str]],
    parts: pd.DataFrame, open_names: Mapping[str, paid.OpenNames] | None = None,
) -> dict[str, bytes]:  # fmt: skip
    """
    The page of every body that has figures, the page of free choice, and its files.

    Args:
        bodies: Of `pages.body_rows`.
        neighbours: By body, the most alike first; see `measure.neighbours`. Empty where no statistics are at hand.
        parts: Figures by what was bought, columns as in `breakdowns`; may be empty.
        open_names: By body, the names that nobody could place; bodies whose payees nobody looked up are not in it.

    Returns:
        Path to bytes: `bodies/SLUG/compare/` with its files, `compare/`, and `compare/MEASURE/YEAR.json`.
    """
    measures = {m: measure for m, measure in facts.declared(stamp.site).items() if measure["family"] != "scenario"}
    figures = {
        (row["publisher"], row["measure"], row["period"]): facts.figure(row, measures[row["measure"]]["unit"])
        for row in facts.rows(frames.figures) if row["measure"] in measures
    }  # fmt: skip
    newest: dict[str, str] = {}
    for slug, _, period in figures:
        newest[slug] = max(period, newest.get(slug, ""))
    by_slug = {body["slug"]: {**body, "year": body["year"] or newest.get(body["slug"], "")} for body in bodies}
    bought = _bought(parts)
    pages = _files(figures, measures)
    for body in by_slug.values():
        if body["year"]:
            names = (open_names or {}).get(body["slug"])
            pages |= _beside(stamp, measures, body, by_slug, figures, neighbours, bought, names)
    return pages | {"compare/index.html": _chosen(stamp, list(by_slug.values()), figures, measures)}


def verdict(own: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> tuple[str, str]:
    """
    What may be said of another body's figure beside one's own, and why nothing may; wrong links are allowed for.

    Returns:
        `higher`, `lower`, `cannot tell apart` (of the other), or that they are not compared and the reason.
    """
    if not own or not other or not own["is_known"] or not other["is_known"]:
        return words.NOT_KNOWN, ""
    if own["unit"] == "pounds" and min(own["months"], other["months"]) < 12:
        return said.NOT_COMPARED, said.WHY_MONTHS
    return {"higher": said.HIGHER, "lower": said.LOWER}.get(may_say(_span(other), _span(own)), said.SAME), ""


def _span(figure: Mapping[str, Any]) -> tuple[float, float]:
    """The range that pairs are told apart by: the outer one, where there is one."""
    low, high = facts.number(figure.get("outer_low")), facts.number(figure.get("outer_high"))
    return (figure["low"] if low is None else low, figure["high"] if high is None else high)


def peers_of(
    body: Mapping[str, Any], by_slug: Mapping[str, Mapping[str, Any]], figures: Figures,
    neighbours: Mapping[str, Sequence[str]],
) -> tuple[str, list[str]]:  # fmt: skip
    """How the peers of a body are chosen (a key of `page_words.CHOSEN`), and their slugs, the most alike first."""
    year = body["year"]

    def spends(slug: str) -> float | None:
        figure = figures.get((slug, facts.SPEND, year))
        return figure["low"] if figure and figure["has_value"] and figure["low"] > 0 else None

    if near := [slug for slug in neighbours.get(body["slug"], ()) if spends(slug) is not None]:
        return "near", near[:PEERS]
    own = spends(body["slug"])
    like = {
        slug: abs(math.log(amount / own)) if own else 0.0
        for slug, other in by_slug.items()
        if other["kind"] == body["kind"] and slug != body["slug"] and (amount := spends(slug)) is not None
    }
    return "kind", sorted(like, key=lambda slug: (like[slug], slug))[:PEERS]


def _beside(
    stamp: Stamp, measures: Mapping[str, Any], body: dict[str, Any], by_slug: Mapping[str, dict[str, Any]], figures: Figures,
    neighbours: Mapping[str, Sequence[str]], bought: Mapping[tuple[str, str, str], Any], names: paid.OpenNames | None,
) -> dict[str, bytes]:  # fmt: skip
    """The page of one body beside its peers, the table as CSV, and lines by which to decide about names."""
    year, path = body["year"], f"bodies/{body['slug']}/compare/"
    how, peers = peers_of(body, by_slug, figures, neighbours)
    shown = [m for m in MAIN if m in measures and (body["slug"], m, year) in figures]
    sections = [_section(measures[m], body, [by_slug[slug] for slug in peers], figures) for m in shown]
    counted = [_counted(measures[m], body, peers, by_slug, figures)
               for m in measures if m not in shown and (body["slug"], m, year) in figures]  # fmt: skip
    matches = paid.to_confirm(names, body["slug"], figures.get((body["slug"], facts.LOCAL, year))) if names else None
    title = said.BESIDE_TITLE.format(name=body["short"], others=formats.plural(len(peers), "other body", "other bodies")
                                     if peers else "nobody yet")  # fmt: skip
    page = stamp.page(
        "beside.html", path, words.COMPARE, title, said.BESIDE_ABOUT.format(name=body["short"]),
        body=body, year=year, sections=sections, counted=[row for row in counted if row],
        peers=[by_slug[slug] for slug in peers],
        nouns=words.in_sentence(stamp.site.kinds_name(body["kind"])),
        chosen=said.CHOSEN[how] if peers else "",
        nobody=said.NOBODY.format(noun=words.in_sentence(body["kind_name"]), year=formats.year(year), name=body["short"]),
        lead=lead(body, peers, by_slug, figures),
        drivers=drivers(body["slug"], peers, year, bought),
        matches=matches,
        query=f"?b={','.join([body['slug'], *peers])}&m={','.join(short_id(m) for m in shown)}&y={year}",
    )  # fmt: skip
    pages = {f"{path}index.html": page, f"{path}compare.csv": _csv(shown, body, peers, by_slug, figures)}
    return pages | {f"{path}decisions.csv": matches["csv"].encode()} if matches and matches["rows"] else pages


def _section(
    measure: Mapping[str, Any], body: dict[str, Any], peers: Sequence[dict[str, Any]], figures: Figures
) -> dict[str, Any]:
    """One measure: a row for the body and one for each peer."""
    year = body["year"]
    own = figures[(body["slug"], measure["id"], year)]
    rows = []
    for other in (body, *peers):
        figure = figures.get((other["slug"], measure["id"], year))
        says, why = ("", "") if other is body else verdict(own, figure)
        is_known = bool(figure and figure["is_known"])
        rows.append({
            "body": other, "figure": figure, "is_own": other is body, "verdict": says, "why": why,
            "says": figure["says"] if figure and is_known else words.NOT_KNOWN if figure
            else said.NO_FIGURE.format(year=formats.year(year)),
            "is_known": is_known,
            "bar": bars.table_bar(figure["low"] if figure and is_known else None,
                                  figure["high"] if figure and is_known else None),
        })  # fmt: skip
    return {"measure": measure, "rows": rows}


def _counted(
    measure: Mapping[str, Any], body: dict[str, Any], peers: Sequence[str], by_slug: Mapping[str, dict[str, Any]],
    figures: Figures,
) -> dict[str, Any] | None:  # fmt: skip
    """One measure in one line: which peers are higher, which lower, which cannot be told apart; `None` for nothing."""
    own = figures[(body["slug"], measure["id"], body["year"])]
    found: dict[str, list[str]] = {said.HIGHER: [], said.LOWER: [], said.SAME: []}
    for slug in peers:
        says, _ = verdict(own, figures.get((slug, measure["id"], body["year"])))
        if says in found:
            found[says].append(by_slug[slug]["short"])
    if not any(found.values()):
        return None
    return {"measure": measure, "says": own["says"], "found": [(k, formats.listed(v)) for k, v in found.items() if v]}


def lead(
    body: Mapping[str, Any], peers: Sequence[str], by_slug: Mapping[str, Mapping[str, Any]], figures: Figures
) -> tuple[str, str]:
    """The finding and what follows it: who surely keeps more or less local, who cannot be told apart."""
    own = figures.get((body["slug"], facts.LOCAL, body["year"]))
    if not own or not own["is_known"]:
        return said.LEAD_UNKNOWN.format(name=body["short"]), ""
    found: dict[str, list[str]] = {}
    for slug in peers:
        says, _ = verdict(own, figures.get((slug, facts.LOCAL, body["year"])))
        found.setdefault(says, []).append(str(by_slug[slug]["short"]))

    def sentence(pattern: str, names: list[str]) -> str:
        many = len(names) > 1
        return pattern.format(names=formats.listed(names), name=body["short"], keep="keep" if many else "keeps",
                              their="their" if many else "its")  # fmt: skip

    more = sentence(said.LEAD_HIGHER, found[said.HIGHER]) if said.HIGHER in found else ""
    less = sentence(said.LEAD_LOWER, found[said.LOWER]) if said.LOWER in found else ""
    if less and not more:
        less = sentence(said.LEAD_HIGHER.replace("more", "less"), found[said.LOWER])
    rest = sentence(said.LEAD_REST, found[said.SAME]) if said.SAME in found else ""
    if not more and not less:
        return (said.LEAD_NONE.format(name=body["short"]), "") if rest else ("", "")
    return f"{more} {less}".strip(), rest


def _bought(parts: pd.DataFrame) -> dict[tuple[str, str, str], tuple[float, float, float]]:
    """By body, year and what was bought: pence, and low and high of the local share of them."""
    if parts.empty:
        return {}
    ours = parts[(parts["breakdown"] == "bought") & (parts["measure"] == facts.LOCAL) & parts["low"].notna()]
    return {
        (row["publisher"], row["period"], row["part"]): (float(row["base_pence"]), row["low"], row["high"])
        for row in facts.rows(ours)
    }


def drivers(
    slug: str, peers: Sequence[str], year: str, bought: Mapping[tuple[str, str, str], tuple[float, float, float]]
) -> list[dict[str, Any]]:
    """
    What the gap in the local share to the peers together is made of, by what was bought, as ranges of points.

    A part's worth is its local pounds as a share of all pounds of the base: with the body, less with the peers' pounds
    added up. The worths of all parts add up to the gap; a cause is not in them.
    """
    names = list(dict.fromkeys(part for _, period, part in bought if period == year))

    def worth(who: Sequence[str]) -> dict[str, tuple[float, float, float]]:
        found = {part: [bought[(one, year, part)] for one in who if (one, year, part) in bought] for part in names}
        total = sum(pence for rows in found.values() for pence, *_ in rows)
        if total <= 0:
            return {}
        return {part: (sum(p for p, *_ in rows) / 100, sum(p * low for p, low, _ in rows) / total,
                       sum(p * high for p, _, high in rows) / total) for part, rows in found.items()}  # fmt: skip

    own, theirs = worth([slug]), worth(peers)
    if not own or not theirs:
        return []
    rows = []
    for part in names:
        pounds, low, high = own[part]
        _, their_low, their_high = theirs[part]
        least, most = math.floor(round((low - their_high) * 100, 9)), math.ceil(round((high - their_low) * 100, 9))
        if least or most:
            rows.append({"name": said.BOUGHT.get(part, part), "pounds": pounds, "least": least, "most": most,
                         "says": points(least, most), "sure": max(least, -most, 0)})  # fmt: skip
    return sorted(rows, key=lambda row: (-row["sure"], -abs(row["least"] + row["most"]), row["name"]))


def points(least: int, most: int) -> str:
    """A range of points with signs: `"−9 to −7 points"`."""
    ends = [f"{formats.MINUS if end < 0 else '+' if end > 0 else ''}{abs(end)}" for end in (least, most)]
    return f"{ends[0]} points" if least == most else f"{ends[0]} to {ends[1]} points"


def short_id(measure: str) -> str:
    """How a measure is named in an address: `e1` for `e1-stays-in-the-area`; others whole."""
    found = re.match(r"([a-z]+\d+[a-z]?|er)-", measure)
    return found[1] if found else measure


def _csv(shown: Sequence[str], body: Mapping[str, Any], peers: Sequence[str], by_slug: Mapping[str, Mapping[str, Any]],
         figures: Figures) -> bytes:  # fmt: skip
    """The rows of a printed comparison, exact."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(["measure", "period", "publisher", "name", "low", "high", "outer_low", "outer_high", "months", "status",
                    "beside", "figure_id"])  # fmt: skip
    for measure in shown:
        own = figures[(str(body["slug"]), measure, str(body["year"]))]
        for slug in (str(body["slug"]), *peers):
            if figure := figures.get((slug, measure, str(body["year"]))):
                ends = [facts.number(figure.get(end)) for end in ("low", "high", "outer_low", "outer_high")]
                write.writerow([measure, body["year"], slug, by_slug[slug]["name"], *("" if e is None else repr(e) for e in ends),
                                figure["months"], figure["status"], "" if slug == body["slug"] else verdict(own, figure)[0],
                                figure["figure_id"]])  # fmt: skip
    return out.getvalue().encode()


def _files(figures: Figures, measures: Mapping[str, Any]) -> dict[str, bytes]:
    """
    A file per measure and year for scripts: body to its range, what it says, its figure, and months.

    The range is the one that pairs are told apart by; where the drawn one differs, what the wider one says follows, and
    the drawn one. `cut` lists bodies whose series is not joined with the year before. `measures.json` says what there is, and
    `charts.json` how it is drawn. Both are moved outward to six decimals, so that a script never tells apart what a page does not.
    """
    found: dict[tuple[str, str], dict[str, list[Any]]] = {}
    series: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for (slug, measure, _), figure in figures.items():
        series.setdefault((slug, measure), []).append(figure)
    cut = {(slug, measure, year) for (slug, measure), own in series.items() for year in breaks.cuts(own)}
    for (slug, measure, year), figure in sorted(figures.items()):
        row: list[Any] = [None, None, words.NOT_KNOWN, figure["figure_id"], int(figure["months"])]
        if figure["is_known"]:
            ends, drawn = outward(*_span(figure)), outward(figure["low"], figure["high"])
            wider = (figure["outer_says"], *drawn) if drawn != ends else ()
            row = [*ends, figure["says"], figure["figure_id"], int(figure["months"]), *wider]
        found.setdefault((measure, year), {})[slug] = row
    files: dict[str, Any] = {
        f"compare/{measure}/{year}.json": {"unit": measures[measure]["unit"], "bodies": rows}
        | ({"cut": broken} if (broken := [slug for slug in rows if (slug, measure, year) in cut]) else {})
        for (measure, year), rows in found.items()
    }
    files["compare/measures.json"] = [
        {"id": m, "name": measure["name"], "unit": measure["unit"], "years": sorted(year for one, year in found if one == m)}
        for m, measure in measures.items() if m in {one for one, _ in found}
    ]  # fmt: skip
    return {path: for_scripts(told) for path, told in files.items()} | chart_file()


def outward(low: float, high: float) -> tuple[float, float]:
    """Bounds to six decimals, the low one down and the high one up; equal ones stay equal."""
    step = 10**DECIMALS
    if low == high:
        return (round(low, DECIMALS),) * 2
    return math.floor(round(low * step, 3)) / step, math.ceil(round(high * step, 3)) / step


def _chosen(
    stamp: Stamp, bodies: Sequence[dict[str, Any]], figures: Figures, measures: Mapping[str, Mapping[str, Any]]
) -> bytes:
    """The page of free choice: with scripts a form, without them every body's own page."""
    have = {slug for slug, _, _ in figures}
    filled = {(measure, period) for _, measure, period in figures}
    years = sorted({period for _, _, period in figures if re.fullmatch(r"\d{4}-\d{2}", period)}, reverse=True)
    return stamp.page(
        "compare.html", "compare/", words.COMPARE, said.COMPARE_TITLE, said.COMPARE_ABOUT,
        bodies=[body for body in bodies if body["slug"] in have],
        measures=[(short_id(m), measure, " ".join(year for year in years if (m, year) in filled))
                  for m, measure in measures.items() if m in {one for one, _ in filled}],
        main=[short_id(m) for m in MAIN],
        years=years,
        has_engine=has_engine,
    )  # fmt: skip
