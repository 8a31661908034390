"""The page of one public body, and what is printed with it: its services, its years, its slices of payments."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dagster_project.model import periods
from dagster_project.portal import (
    bars,
    body_years,
    breaks,
    calendars,
    charts,
    citing,
    facts,
    findings,
    formats,
    paid,
    services,
    slices,
    words,
)
from dagster_project.portal.of_year import of_year
from dagster_project.portal.site import BodyFrames, Shell, Site
from dagster_project.portal.stamp import Stamp

FILES_SHOWN, UNREAD_SHOWN, MONTHS_SHOWN = 30, 200, 36


def body_pages(site: Site, shell: Shell, body: dict[str, Any], frames: BodyFrames) -> dict[str, bytes]:
    """
    Every page of one body: its own, its services, and for each year one of its figures and one of its payments.

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
    about = _in_year(_about(site, body, frames, years, paid_years), figures, facts.newest_year(figures, paid_years))
    told = {
        year: of_year(_in_year(about, figures, year), frames, payments, figures) for year in {about["year"], *years}
    }
    pages = {f"bodies/{body['slug']}/index.html": _overview(stamp, about, frames, figures, told[about["year"]])}
    if len(frames.breakdowns):
        pages[f"bodies/{body['slug']}/services/index.html"] = services.services_page(stamp, about, frames, payments)
    for year in years:
        path = f"bodies/{body['slug']}/{year}/"
        pages[f"{path}index.html"] = body_years.year_page(
            stamp, _in_year(about, figures, year), frames, figures, told[year]
        )
        if year in paid_years:
            pages[f"{path}payments/index.html"] = slices.payments_page(
                stamp, about, frames, payments[payments["year"] == year], year, f"{path}payments/"
            )
    return pages


def _in_year(about: dict[str, Any], figures: dict[tuple[str, str], Any], year: str) -> dict[str, Any]:
    """The body as a page of one year has it."""
    spend, local = (figures.get((measure, year)) for measure in (facts.SPEND, facts.LOCAL))
    return about | {"year": year, "spend": spend, "local": local}


def _about(
    site: Site, body: dict[str, Any], frames: BodyFrames, years: list[str], paid_years: list[str]
) -> dict[str, Any]:
    """What every page says of the body."""
    return {
        **{key: "" if not isinstance(value, str) else value for key, value in body.items()},
        "short": words.short_name(body["name"]),
        "kind_name": site.kind_name(body["kind"]),
        "kinds_name": site.kinds_name(body["kind"]),
        "nouns": words.in_sentence(site.kinds_name(body["kind"])),
        "region_name": words.REGIONS.get(str(body.get("region") or ""), ""),
        "years": years,
        "paid_years": paid_years,
        "has_files": len(frames.files) > 0,
        "has_payments": len(frames.payments) > 0,
        "is_known_complete": site.origin == "live" or site.is_complete or site.origin == "sample",
        "measures": facts.declared(site),
        "csv": facts.download_like(frames.downloads, "figures"),
        "successors": [slug for slug in str(body.get("successor") or "").split("|") if slug],
        "end_day": formats.day(body.get("end")),
    }


def _overview(stamp: Stamp, about: dict[str, Any], frames: BodyFrames, figures: dict[tuple[str, str], Any],
              told: dict[str, Any]) -> bytes:  # fmt: skip
    coverage = frames.coverage[frames.coverage["dataset_kind"] == facts.main_kind(frames.coverage)]
    title, about_line = (
        about["name"],
        f"What {about['name']} publishes about its spending: who it pays, how much, what is missing.",
    )
    return stamp.page(
        "body.html", f"bodies/{about['slug']}/", words.BODIES, title, about_line,
        body=about,
        state=_state(frames),
        **told,
        time=_over_time(about, coverage, figures, {str(row["month"]) for row in frames.breaks}),
        local_time=_local_over_time(about, figures),
        breaks=breaks.listed(frames.breaks),
        vat_said=breaks.vat_said(frames.files),
        pooled=frames.pooled,
        undecided=paid.undecided(frames.undecided, about["slug"]),
        citations=citing.of_year(stamp.site, about, figures, (facts.LOCAL, facts.SPEND)),
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
