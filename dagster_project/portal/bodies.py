"""The page of one public body, and its slices of payments."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dagster_project.model import periods
from dagster_project.portal import (
    bars,
    breaks,
    calendars,
    charts,
    citing,
    facts,
    findings,
    formats,
    paid,
    payees,
    services,
    slices,
    words,
)
from dagster_project.portal.site import BodyFrames, Shell, Site
from dagster_project.portal.stamp import Stamp

SERVICES_SHOWN, FILES_SHOWN, UNREAD_SHOWN, MONTHS_SHOWN = 8, 30, 200, 36


def body_pages(site: Site, shell: Shell, body: dict[str, Any], frames: BodyFrames) -> dict[str, bytes]:
    """
    Every page of one body: its own, and one of payments for each year.

    Args:
        site: What is the same on every page.
        shell: What its pages are stamped into.
        body: Its row of `publishers`.
        frames: Its tables.

    Returns:
        Path from the portal's root to the page.
    """
    stamp = Stamp(site, shell)
    payments = facts.with_year(frames.payments)
    figures = facts.figures_of(frames.figures, site)
    years = sorted((set(payments["year"].unique()) | {period for _, period in figures}) - {""})
    paid_years = sorted(set(payments["year"].unique()) - {""})
    about = _about(site, body, frames, figures, facts.newest_year(figures, paid_years), years, paid_years)
    pages = {f"bodies/{body['slug']}/index.html": _overview(stamp, about, frames, payments, figures)}
    if len(frames.breakdowns):
        pages[f"bodies/{body['slug']}/services/index.html"] = services.services_page(stamp, about, frames, payments)
    for year in paid_years:
        path = f"bodies/{body['slug']}/{year}/payments/"
        pages[f"{path}index.html"] = slices.payments_page(
            stamp,
            about,
            frames,
            payments[payments["year"] == year],
            year,
            path,
            _citations(site, about, figures, year),
        )
    return pages


def _about(site: Site, body: dict[str, Any], frames: BodyFrames, figures: dict[tuple[str, str], Any], year: str,
           years: list[str], paid_years: list[str]) -> dict[str, Any]:  # fmt: skip
    """What both kinds of page say of the body."""
    return {
        **{key: "" if not isinstance(value, str) else value for key, value in body.items()},
        "short": words.short_name(body["name"]),
        "kind_name": site.kind_name(body["kind"]),
        "kinds_name": site.kinds_name(body["kind"]),
        "nouns": words.in_sentence(site.kinds_name(body["kind"])),
        "region_name": words.REGIONS.get(str(body.get("region") or ""), ""),
        "year": year,
        "years": years,
        "paid_years": paid_years,
        "has_files": len(frames.files) > 0,
        "has_payments": len(frames.payments) > 0,
        "is_known_complete": site.origin == "live" or site.is_complete or site.origin == "sample",
        "measures": facts.declared(site),
        "csv": facts.download_like(frames.downloads, "figures"),
        "successors": [slug for slug in str(body.get("successor") or "").split("|") if slug],
        "end_day": formats.day(body.get("end")),
        "spend": figures.get((facts.SPEND, year)),
        "local": figures.get((facts.LOCAL, year)),
    }


def _overview(stamp: Stamp, about: dict[str, Any], frames: BodyFrames, payments: pd.DataFrame,
              figures: dict[tuple[str, str], Any]) -> bytes:  # fmt: skip
    year = about["year"]
    whole_year = payments[payments["year"] == year] if year else payments.iloc[:0]
    kind = facts.main_kind(whole_year)
    of_year = whole_year[whole_year["dataset_kind"] == kind]
    cards = whole_year[whole_year["dataset_kind"] != kind]
    coverage = frames.coverage[frames.coverage["dataset_kind"] == facts.main_kind(frames.coverage)]
    tied = paid.tied(of_year, frames.payees)
    state = _state(frames)
    months = set(coverage["month"]) & set(periods.months_of(year)) if year else set()
    title, about_line = (
        about["name"],
        f"What {about['name']} publishes about its spending: who it pays, how much, what is missing.",
    )
    return stamp.page(
        "body.html", f"bodies/{about['slug']}/", words.BODIES, title, about_line,
        body=about,
        state=state,
        year_facts={
            **_year_facts(of_year), "kind": kind, "cards": len(cards), "cards_pence": int(cards["amount_pence"].sum()),
            "months": len(months),
        },
        lead=_lead(about, tied),
        time=_over_time(about, coverage, figures, {str(row["month"]) for row in frames.breaks}),
        local_time=_local_over_time(about, figures),
        breaks=breaks.listed(frames.breaks),
        vat_said=breaks.vat_said(frames.files),
        pooled=frames.pooled,
        services=_services(of_year),
        has_services_page=len(frames.breakdowns) > 0,
        payees=payees.largest(of_year, about, frames.supplier_pages),
        tied=tied,
        undecided=paid.undecided(frames.undecided, about["slug"]),
        positions=_positions(about, figures),
        citations=_citations(stamp.site, about, figures),
        calendar=calendars.calendar(coverage, about["is_known_complete"], frames.late, frames.gone),
        files=_files(frames.files),
        problems=_problems(frames.problems, stamp.site),
        downloads=frames.downloads,
        statement=frames.statement,
    )  # fmt: skip


def _state(frames: BodyFrames) -> dict[str, Any]:
    read = int((frames.files["status"] == "read").sum())
    total = len(frames.files)
    name = "no files" if not total else "not read" if not read else "published" if read == total else "partly read"
    name = "published" if read and (frames.files["status"].isin(["read", "duplicate"])).all() else name
    return {"name": name, "read": read, "files": total, "words": words.STATES[name]}


def _year_facts(of_year: pd.DataFrame) -> dict[str, Any]:
    """Counts of a year: payments, pence, named payees, withheld names, people; `None` for a share without a base."""
    withheld, person = facts.is_withheld(of_year), facts.is_person(of_year)
    total = int(of_year["amount_pence"].sum())
    return {
        "payments": len(of_year),
        "pence": total,
        "payees": int(of_year.loc[~withheld & ~person, "payee"].nunique()),
        "withheld": int((withheld & ~person).sum()),
        "withheld_share": of_year.loc[withheld & ~person, "amount_pence"].sum() / total if total > 0 else None,
        "people": int(person.sum()),
    }


def _lead(about: dict[str, Any], tied: dict[str, Any] | None) -> dict[str, Any]:
    """Which sentence leads: the pound where enough of its parts is known, else the spending."""
    local = about["local"]
    if facts.is_hardly_known(local):
        return {"kind": "hardly", "figure": local, "said": findings.hardly_known(local, tied),
                "sure": findings.surely_known(local), "bar": bars.pound_bar(local["low"], local["high"], said_of_pound(about, local))}  # fmt: skip
    if local and local["is_known"]:
        low, high = local["low"], local["high"]
        return {"kind": "local", "between": formats.pence_between(low, high), "unknown": formats.parts_of_pound(low, high)[1],
                "bar": bars.pound_bar(low, high, said_of_pound(about, local)), "figure": local}  # fmt: skip
    return {"kind": "spend"}


def said_of_pound(about: dict[str, Any], local: dict[str, Any]) -> str:
    """What the bar of a pound draws, in words."""
    stay, unknown, away = formats.parts_of_pound(local["low"], local["high"])
    return (
        f"Of every pound {about['short']} spent, {stay}p stayed local, {unknown}p is not known and {away}p went elsewhere. "
        f"So {formats.pence_between(local['low'], local['high'])} stayed local."
    )


def _yearly(figures: dict[tuple[str, str], Any], measure: str) -> list[findings.Yearly]:
    return [
        findings.Yearly(period, found["low"], found["high"], facts.number(found["coverage"]) == 1.0)
        for (name, period), found in sorted(figures.items())
        if name == measure and found["is_known"]
    ]


def _of(figures: dict[tuple[str, str], Any], measure: str) -> list[dict[str, Any]]:
    return [figure for (name, _), figure in figures.items() if name == measure]


def _comparable(figures: dict[tuple[str, str], Any], measure: str) -> list[findings.Yearly]:
    """Years that a heading may compare: none across a break."""
    years = breaks.comparable(_of(figures, measure))
    return [one for one in _yearly(figures, measure) if one.period in years]


def _over_time(
    about: dict[str, Any], coverage: pd.DataFrame, figures: dict[tuple[str, str], Any], broken: set[str]
) -> dict[str, Any] | None:
    """Months as columns, the last three years of them at most; the table behind; years beside."""
    dated = coverage[coverage["month"] != "undated"]
    if dated.empty:
        return None
    sums = dated.groupby("month")["amount_pence"].sum()
    months = periods.months_between(sums.index.min(), sums.index.max())[-MONTHS_SHOWN:]
    columns = [
        bars.Column(
            label=formats.year(periods.financial_year(month) or "") if month[5:] == "04" or not place else "",
            value=float(sums[month]) if month in sums.index else None,
            starts=month[5:] == "04" or not place,
            breaks=month in broken,
        )
        for place, month in enumerate(months)
    ]
    shown = sums[sums.index.isin(months)]
    least, most = str(shown.idxmin()), str(shown.idxmax())
    gaps = [month for month in months if month not in sums.index]
    said = (
        f"{about['short']} published between {formats.money(shown.min())} ({formats.month(least)}) and "
        f"{formats.money(shown.max())} ({formats.month(most)}) a month, from {formats.month(months[0])} to "
        f"{formats.month(months[-1])}."
        + (f" {formats.plural(len(gaps), 'month is', 'months are')} not there." if gaps else "")
        + "".join(f" {words.BREAKS_AT.format(when=formats.month(month))}" for month in months[1:] if month in broken)
    )
    return {
        "heading": findings.spending_over_time(about["short"], _comparable(figures, facts.SPEND)),
        "chart": bars.columns(columns, said),
        "first": formats.month(months[0]),
        "last": formats.month(months[-1]),
        "rows": [(formats.month(m), formats.exact(sums[m]) if m in sums.index else None) for m in months],
        "years": [figures[key] for key in sorted(figures) if key[0] == facts.SPEND],
        "gaps": [formats.month(month) for month in gaps],
        "figure": about["spend"],
    }


def _local_over_time(about: dict[str, Any], figures: dict[tuple[str, str], Any]) -> dict[str, Any] | None:
    """Bounds over time, where two years or more say something."""
    years = _yearly(figures, facts.LOCAL)
    if len(years) < 2:
        return None
    return {
        "heading": findings.share_over_time(about["short"], _comparable(figures, facts.LOCAL)),
        "chart": charts.bounds_over_time(
            about["short"], tuple((y.period, y.low, y.high) for y in years), breaks.cuts(_of(figures, facts.LOCAL))
        ),
        "rows": [figures[(facts.LOCAL, year.period)] for year in years],
        "figure": about["local"],
    }


def _services(of_year: pd.DataFrame) -> list[dict[str, Any]]:
    """The largest services as the body names them; those without a name as one row of their own."""
    total = of_year["amount_pence"].sum()
    if of_year.empty or (of_year["department"] == "").all():
        return []
    sums = (
        of_year.groupby("department", observed=True)["amount_pence"]
        .agg(["sum", "size"])
        .nlargest(SERVICES_SHOWN, "sum")
    )
    most = float(sums["sum"].max())
    return [
        {
            "name": formats.published(name, 120) or words.NO_SERVICE,
            "is_blank": not name,
            "pence": pence,
            "payments": size,
            "share": pence / total if total > 0 else None,
            "bar": bars.size_bar(float(pence), most),
        }
        for name, pence, size in sums.itertuples()
    ]


#: Points between lowest and highest from which a share that no table ranks is told apart, below the others.
WIDE = 0.5


def _positions(about: dict[str, Any], figures: dict[tuple[str, str], Any]) -> list[dict[str, Any]]:
    """The body's figures of the year, each with the places that its bounds allow."""
    found = []
    for measure in about["measures"].values():
        figure = figures.get((measure["id"], about["year"]))
        if figure:
            bar = (
                bars.rank_bar(figure["rank_best"], figure["rank_worst"], figure["ranked_of"])
                if figure["is_ranked"]
                else ""
            )
            is_wide = figure["is_known"] and figure["unit"] == "share" and figure["high"] - figure["low"] > WIDE
            found.append({
                "measure": measure, "figure": figure, "bar": bar, "kind": words.kind_slug(figure["population"]),
                "tells": figure["is_ranked"] or (figure["is_known"] and not is_wide),
            })  # fmt: skip
    return found


def _citations(
    site: Site, about: dict[str, Any], figures: dict[tuple[str, str], Any], page_of: str = ""
) -> list[tuple[str, str, str]]:
    """
    Figure id, anchor to make (`""` where the page has one) and text to copy of the figures that are cited on a page.

    Args:
        page_of: The year whose page of payments it is, which cites the figures of that year; `""` for the body's own
            page, which cites those of the year that it is about, and of years that have no page of payments.
    """
    own = {about["year"]} | {period for _, period in figures if period not in about["paid_years"]}
    years = {page_of} - own if page_of else own
    address = f"bodies/{about['slug']}/" + (f"{page_of}/payments/" if page_of else "")
    return [
        (figure["figure_id"], "" if period == about["year"] else figure["figure_id"],
         citing.citation(site, figure, about["measures"][measure], about["name"], address))
        for (measure, period), figure in sorted(figures.items()) if period in years
    ]  # fmt: skip


def _files(files: pd.DataFrame) -> dict[str, Any]:
    """The files of the body, the newest month first; counts by state over all of them."""
    if files.empty:
        return {"rows": [], "counts": [], "total": 0, "not_read": []}
    counts = files["status"].value_counts()
    shown = files.sort_values(["last_month", "name"], ascending=[False, True]).head(FILES_SHOWN)
    return {
        "rows": facts.rows(shown),
        "counts": [(state, int(counts.get(state, 0))) for state in words.FILE_STATES if counts.get(state, 0)],
        "total": len(files),
        "not_read": facts.rows(files[~files["status"].isin(["read", "duplicate"])].head(UNREAD_SHOWN)),
    }


def _problems(problems: pd.DataFrame, site: Site) -> list[dict[str, Any]]:
    """Troubles by kind, errors first, with how many lines and files each concerns and what could be done."""
    if problems.empty:
        return []
    found = []
    order = {"error": 0, "warning": 1, "note": 2}
    for code, group in problems.groupby("code", sort=True, observed=True):
        row = words.first_of(site.words.get("problems", []), str(code))
        first = group.iloc[0]
        found.append({
            "title": row.get("title") or str(code).replace("-", " ").capitalize(), "severity": first["severity"],
            "lines": int(group["lines"].sum()), "files": group["file_name"].nunique(),
            "did": first["did"], "could": first["could"] or row.get("could", ""),
        })  # fmt: skip
    return sorted(found, key=lambda p: (order.get(p["severity"], 3), -p["lines"]))
