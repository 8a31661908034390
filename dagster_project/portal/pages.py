"""Every stamped page that is not one body's: home, finder, the table of bodies, data, sources, and the site map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from markupsafe import escape

from dagster_project.portal import (
    bars,
    declared,
    facts,
    figure_index,
    formats,
    page_words,
    places,
    postcodes,
    supplier_lists,
    suppliers,
    tables,
    words,
)
from dagster_project.portal.site import Shell, Site, SiteFrames
from dagster_project.portal.stamp import Stamp, widened

SITEMAP_PART = 10_000
REASONS_SHOWN = 12


def site_pages(
    site: Site,
    shell: Shell,
    frames: SiteFrames,
    more: Mapping[str, bytes] | None = None,
    of_bodies: Collection[str] = (),
) -> dict[str, bytes]:
    """
    Every stamped page but those of single bodies, with site map and robots.txt.

    Args:
        more: Pages printed elsewhere that belong into the site map, and their files.
        of_bodies: Paths of the pages of single bodies, as `body_pages` names them.

    Returns:
        Path from the portal's root to the bytes.
    """
    stamp = Stamp(site, shell)
    bodies = body_rows(frames, site)
    pages = {
        "index.html": _home(stamp, frames, bodies),
        "find/index.html": _find(stamp, bodies, frames),
        **postcodes.sector_file(frames.sectors, bodies),
        "bodies/index.html": _bodies(stamp, bodies, frames),
        "data/index.html": _data(stamp, frames, bodies),
        "sources/index.html": _sources(stamp, frames, bodies),
        **(more or {}),
        "404.html": stamp.page("404.html", "404.html", words.FIND, words.LOST, words.LOST_ABOUT),
        **tables.table_pages(stamp, frames, bodies),
        **declared.declared_pages(stamp, frames),
        **places.place_pages(stamp, frames),
        **supplier_lists.list_pages(stamp, frames.suppliers),
        **figure_index.figure_files(stamp, frames, bodies),
    }
    own = {
        path.removesuffix("index.html")
        for path in of_bodies
        if path.endswith("index.html") and not path.endswith("/payments/index.html")
    }
    own |= {suppliers.address(row["supplier_id"]) for row in facts.rows(frames.suppliers.suppliers) if row["has_page"]}
    return pages | _sitemap(site, shell, pages, own)


def body_rows(frames: SiteFrames, site: Site) -> list[dict[str, Any]]:
    """Every body of the spine by name, with its totals and the figures of its newest year."""
    totals = {row["publisher"]: row for row in facts.rows(frames.totals)}
    figures = {
        slug: facts.figures_of(group, site) for slug, group in frames.figures.groupby("publisher", observed=True)
    }
    nothing = {"files": 0, "files_read": 0, "payments": 0, "amount_pence": 0, "first_month": "", "last_month": "",
               "rows_in": 0, "rows_published": 0, "rows_rejected": 0, "rows_left_out": 0,
               "status": "no files"}  # fmt: skip
    paid = frames.coverage[["publisher", "dataset_kind"]].drop_duplicates()
    publishing = set(paid["publisher"])
    with_payments = set(paid.loc[paid["dataset_kind"] == "payments", "publisher"])
    found = []
    for row in facts.rows(frames.publishers):
        own = figures.get(row["slug"], {})
        year = facts.newest_year(own, ())
        found.append({
            **{key: value or "" for key, value in row.items()},
            **nothing, **{key: value for key, value in totals.get(row["slug"], {}).items() if key in nothing},
            "short": words.short_name(row["name"]), "kind_name": site.kind_name(row["kind"]),
            "kind_slug": words.kind_slug(row["kind"]), "region_name": words.REGIONS.get(row["region"] or "", ""),
            "is_cards_only": row["slug"] in publishing - with_payments,
            "year": year, "spend": own.get((facts.SPEND, year)), "local": own.get((facts.LOCAL, year)),
        })  # fmt: skip
    order = list(words.KINDS)
    for row in found:
        row["state"], row["kind_place"] = (
            words.STATES[row["status"]][0],
            order.index(row["kind"]) if row["kind"] in order else 99,
        )
    return sorted(found, key=lambda row: (row["name"].casefold(), row["slug"]))


def pooled(bodies: list[dict[str, Any]], year: str) -> dict[str, Any] | None:
    """Bounds of the local share over all bodies whose figure of one year says something; `None` for none."""
    known = [
        body["local"]
        for body in bodies
        if body["local"] and body["local"]["is_known"] and body["local"]["period"] == year
    ]
    base = sum(int(figure["base_pence"]) for figure in known)
    if base <= 0:
        return None
    low, high = (sum(figure[end] * int(figure["base_pence"]) for figure in known) / base for end in ("low", "high"))
    return {"bodies": len(known), "base": base, "low": low, "high": high, "year": year}


def _home(stamp: Stamp, frames: SiteFrames, bodies: list[dict[str, Any]]) -> bytes:
    years = Counter(body["year"] for body in bodies if body["year"])
    year = max(years, key=lambda period: (years[period], period), default="")
    pool = pooled(bodies, year)
    if pool:
        stay, unknown, away = formats.parts_of_pound(pool["low"], pool["high"])
        pool["unknown"], pool["is_hardly_known"] = unknown, pool["high"] - pool["low"] >= facts.HARDLY
        pool["bar"] = bars.pound_bar(
            pool["low"], pool["high"],
            f"Of every pound, {stay}p stayed local, {unknown}p is not known and {away}p went elsewhere. "
            f"So {formats.pence_between(pool['low'], pool['high'])} stayed local.",
        )  # fmt: skip
    return stamp.page(
        "home.html", "", words.HOME, words.SITE_NAME, words.HOME_ABOUT,
        pool=pool,
        year=year,
        with_files=sum(body["files"] > 0 for body in bodies),
        bodies=len(bodies),
        payments=sum(int(body["payments"]) for body in bodies),
        pence=sum(int(body["amount_pence"]) for body in bodies),
        files=sum(int(body["files"]) for body in bodies),
        files_read=sum(int(body["files_read"]) for body in bodies),
        taste=tables.taste(stamp.site, frames, bodies),
        largest=sorted((b for b in bodies if b["payments"]), key=lambda b: (-b["payments"], b["slug"]))[:6],
        states=Counter(body["status"] for body in bodies),
        has_postcodes=len(frames.sectors) > 0,
    )  # fmt: skip


def _find(stamp: Stamp, bodies: list[dict[str, Any]], frames: SiteFrames) -> bytes:
    """The A-Z; with the search over words, which is a program that the browser compiles, under a policy that lets it."""
    letters: dict[str, list[dict[str, Any]]] = {}
    for body in sorted(bodies, key=lambda row: (row["short"].casefold(), row["slug"])):
        first = body["short"][:1].upper()
        letters.setdefault(first if first.isalpha() else "0-9", []).append(body)
    page = stamp.page(
        "find.html", "find/", words.FIND, words.FIND_TITLE, words.FIND_ABOUT, letters=letters, count=len(bodies),
        has_search=frames.has_search, has_postcodes=len(frames.sectors) > 0, areas=postcodes.by_area(frames.sectors, bodies), kinds=page_words.SEARCHED,
        regions={code: name for code, name in words.REGIONS.items() if any(body["region"] == code for body in bodies)},
    )  # fmt: skip
    return widened(page, b"'wasm-unsafe-eval'") if frames.has_search else page


def by_kind(site: Site, bodies: list[dict[str, Any]]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Bodies in sections: kind, its plural, its bodies, those with files first; kinds in the order of `words.KINDS`."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for body in sorted(bodies, key=lambda row: (row["kind_place"], not row["files"])):
        kinds.setdefault(body["kind"], []).append(body)
    return [(kind, site.kinds_name(kind), group) for kind, group in kinds.items()]


def _bodies(stamp: Stamp, bodies: list[dict[str, Any]], frames: SiteFrames) -> bytes:
    return stamp.page(
        "bodies.html", "bodies/", words.BODIES, words.BODIES_TITLE, words.BODIES_ABOUT,
        sections=by_kind(stamp.site, bodies),
        count=len(bodies),
        states=Counter(body["status"] for body in bodies),
        has_local=any(body["local"] for body in bodies),
        csv=facts.download_like(frames.downloads, "publishers"),
    )  # fmt: skip


def _data(stamp: Stamp, frames: SiteFrames, bodies: list[dict[str, Any]]) -> bytes:
    return stamp.page(
        "data.html", "data/", words.DATA, words.DATA_TITLE, words.DATA_ABOUT,
        downloads=frames.downloads,
        bodies=[body for body in bodies if body["payments"]],
        schemas=sorted(stamp.site.schemas, key=lambda schema: schema["name"]),
    )  # fmt: skip


def _sources(stamp: Stamp, frames: SiteFrames, bodies: list[dict[str, Any]]) -> bytes:
    """Counts of files by state, why files were not read, and every body, those with trouble first."""
    files = frames.files
    states = files["status"].value_counts()
    per_body = files.groupby(["publisher", "status"], observed=True).size().to_dict()
    not_read = files[~files["status"].isin(["read", "duplicate"])]
    reasons = not_read["reason"].value_counts().head(REASONS_SHOWN)
    order = {"not read": 0, "partly read": 1, "published": 2, "no files": 3}
    rows = [
        {
            **body,
            "by_state": {state: int(per_body.get((body["slug"], state), 0)) for state in words.FILE_STATES},
        }
        for body in sorted(bodies, key=lambda b: order[b["status"]])
    ]  # fmt: skip
    return stamp.page(
        "sources.html", "sources/", words.SOURCES, words.SOURCES_TITLE, words.SOURCES_ABOUT,
        rows=rows,
        counts=[(state, int(states.get(state, 0)), *words.FILE_STATES[state]) for state in words.FILE_STATES],
        states=Counter(body["status"] for body in bodies),
        reasons=[(str(reason), int(number)) for reason, number in reasons.to_dict().items() if reason],
        files=len(files),
        visits=visits(frames.visits, bodies),
        visit_counts=[
            (name, number, explains) for state, (name, explains) in page_words.VISITS.items()
            if (number := sum(row["state"] == state for row in frames.visits))
        ],
        registers=registers(frames.registers),
        keel={name: sum(int(body[name]) for body in bodies)
              for name in ("rows_in", "rows_published", "rows_rejected", "rows_left_out")},
    )  # fmt: skip


def visits(states: Sequence[Mapping[str, Any]], bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How the last visit to each body's website went, those with trouble first."""
    order = list(page_words.VISITS)
    names = {body["slug"]: body["name"] for body in bodies}
    rows = [
        {**row, "name": names[row["publisher"]], "says": page_words.VISITS[row["state"]][0], "place": order.index(row["state"])}
        for row in states if row["publisher"] in names
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["place"], row["name"]))


def registers(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Registers, those with trouble first: `says`, what became of the newest edition, and whether an older one `stays` in use."""
    order = list(page_words.REGISTERS)
    found = [
        {**row, "says": says, "stays": is_older and bool(row["rows"]), "place": order.index(row["state"])}
        for row in rows for says, is_older in (page_words.REGISTERS[row["state"]],)
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row["place"], row["name"]))


def _sitemap(site: Site, shell: Shell, pages: dict[str, bytes], own: set[str]) -> dict[str, bytes]:
    """Every page that is not a slice of payments, in parts of ten thousand; robots.txt that forbids nothing."""
    addresses = {path.removesuffix("index.html") for path in pages if path.endswith("index.html")}
    addresses |= {path for path in shell.written if path != "404.html"} | own
    base = site.address or "/"
    parts = sorted(addresses)
    chunks = [parts[start : start + SITEMAP_PART] for start in range(0, len(parts), SITEMAP_PART)]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

    def part(chunk: list[str]) -> bytes:
        lines = "".join(f"<url><loc>{escape(base + address)}</loc></url>\n" for address in chunk)
        return f"{head}<urlset {space}>\n{lines}</urlset>\n".encode()

    robots = "User-agent: *\nDisallow:\n" + (f"Sitemap: {site.address}sitemap.xml\n" if site.address else "")
    found = {"robots.txt": robots.encode()}
    if len(chunks) <= 1:
        return found | {"sitemap.xml": part(parts)}
    names = [f"sitemap-{number}.xml" for number in range(1, len(chunks) + 1)]
    lines = "".join(f"<sitemap><loc>{escape(base + name)}</loc></sitemap>\n" for name in names)
    index = f"{head}<sitemapindex {space}>\n{lines}</sitemapindex>\n".encode()
    return found | {"sitemap.xml": index} | {name: part(chunk) for name, chunk in zip(names, chunks, strict=True)}
