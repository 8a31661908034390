"""Charts by Altair and vl-convert, for what is drawn seldom: bounds over time, caterpillars. Two sizes of each."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import pandas as pd
from markupsafe import Markup

from dagster_project.portal import formats
from dagster_project.portal.svg import COLOUR, restyle

#: Standard errors beyond which a funnel calls a share far: one in a thousand.
FAR = 3.09
HATCH = "url(#lp-hatch)"
#: Class and width of the two printed sizes: a picture that is only scaled would shrink its words on a phone.
SIZES = (("lp-wide", 720), ("lp-narrow", 330))
FONT = "Public Sans, sans-serif"
PADDING = {"left": 4, "right": 4, "top": 6, "bottom": 4}


def _config(chart: Any, width: int, height: int) -> dict[str, Any]:
    """The look of every chart, and its specification."""
    spec: dict[str, Any] = (
        chart.properties(width=width, height=height, background="transparent", padding=PADDING)
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            domainColor=COLOUR["axis"],
            tickColor=COLOUR["axis"],
            gridColor=COLOUR["grid"],
            labelColor=COLOUR["muted"],
            titleColor=COLOUR["muted"],
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
            labelPadding=6,
        )
        .to_dict(validate=False)
    )
    return spec


def _drawings(specs: list[tuple[str, dict[str, Any]]], title: str, description: str) -> Markup:
    import vl_convert  # slow to load, and most bodies need no such chart

    return Markup("").join(restyle(vl_convert.vegalite_to_svg(spec), css, title, description) for css, spec in specs)


def _bounds_layers(frame: pd.DataFrame, last: pd.DataFrame) -> Any:
    """Hatched band, low and high line, both ends said beside the last year; one set of lines per run of years."""
    import altair as alt  # slow to load, and most bodies need no such chart

    percent = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False)
    x = alt.X("year:O", title=None, axis=alt.Axis(grid=False, labelAngle=0, labelOverlap=True))
    y = alt.Y("low:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=percent)
    base = alt.Chart(frame).encode(x=x, detail="run:N")
    ends = alt.Chart(last).encode(x=x)
    return alt.layer(
        base.mark_area(fill=HATCH).encode(y=y, y2="high:Q"),
        base.mark_line(color=COLOUR["stay"], strokeWidth=2.5).encode(y=y),
        base.mark_circle(color=COLOUR["stay"], size=45, opacity=1).encode(y=y),
        base.mark_line(color=COLOUR["unk"], strokeWidth=1.5).encode(y=alt.Y("high:Q")),
        ends.mark_text(align="left", dx=10, dy=-4, fontSize=13, color=COLOUR["muted"]).encode(
            y="high:Q", text="most:N"
        ),
        ends.mark_text(align="left", dx=10, dy=4, fontSize=13, color=COLOUR["stay"], fontWeight="bold").encode(
            y="low:Q", text="least:N"
        ),
    )


@lru_cache(maxsize=512)
def bounds_over_time(
    name: str, years: tuple[tuple[str, float, float], ...], cuts: frozenset[str] = frozenset()
) -> Markup:
    """
    The lowest and the highest share that stayed local, year by year; what lies between is hatched.

    Args:
        name: The body, as people say it.
        years: Period, low, high; in order of time. Years that do not follow each other are not joined.
        cuts: Years that are not joined with the one before: the series breaks there.
    """
    run, rows = 0, []
    for place, (period, low, high) in enumerate(years):
        run += bool(place) and (period in cuts or int(period[:4]) != int(years[place - 1][0][:4]) + 1)
        rows.append({"year": formats.year(period)[2:], "low": low, "high": high, "run": run})
    frame, (first, final) = pd.DataFrame(rows), (years[0], years[-1])
    last = frame.tail(1).assign(
        least=f"{formats.share_least(final[1])} at least", most=f"{formats.share_most(final[2])} at most"
    )
    specs = [(css, _config(_bounds_layers(frame, last), width - 150, 220)) for css, width in SIZES]
    said = (
        f"In {formats.year(first[0])}, {formats.share_range(*first[1:])} of what {name} spent stayed local; "
        f"in {formats.year(final[0])}, {formats.share_range(*final[1:])}."
    )
    if broken := [formats.year(period) for place, (period, *_) in enumerate(years) if place and period in cuts]:
        said += f" The line is cut before {formats.listed(broken)}, for the series breaks."
    return _drawings(specs, f"Share of spending that stayed in the area of {name}, lowest and highest possible", said)


@lru_cache(maxsize=512)
def funnel(nouns: str, points: tuple[tuple[str, float, float, float, int], ...]) -> Markup:
    """
    The range of each body over how many suppliers of equal size its own weigh like, and what lumpiness alone explains.

    Args:
        nouns: What the bodies are, in small letters.
        points: Name, effective payees, low, high, pence of the base. The limits lie 3.09 standard errors of the pooled
            share beyond its own lowest and highest value, which are pooled from sums; no middle is taken.
    """
    import altair as alt  # as above

    whole = sum(pence for *_, pence in points)
    ends = (
        sum(low * pence for _, _, low, _, pence in points) / whole,
        sum(high * pence for *_, high, pence in points) / whole,
    )
    most = max(weighs for _, weighs, *_ in points) * 1.08

    def limit(end: float, weighs: float, sign: int) -> float:
        return min(max(end + sign * FAR * math.sqrt(end * (1 - end) / weighs), 0.0), 1.0)

    steps = [max(most * step / 60, 1.0) for step in range(1, 61)]
    limits = pd.DataFrame({"weighs": steps, "low": [limit(ends[0], n, -1) for n in steps],
                           "high": [limit(ends[1], n, 1) for n in steps]})  # fmt: skip
    frame = pd.DataFrame([point[:4] for point in points], columns=["name", "weighs", "low", "high"])
    x = alt.X("weighs:Q", title="suppliers of equal size", scale=alt.Scale(domain=[0, most], nice=False))
    percent = alt.Axis(format=".0%", domain=False, ticks=False)
    y = alt.Y("low:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=percent)
    chart = alt.layer(
        alt.Chart(limits).mark_line(color=COLOUR["unk"], strokeDash=[4, 3]).encode(x=x, y=y),
        alt.Chart(limits).mark_line(color=COLOUR["unk"], strokeDash=[4, 3]).encode(x=x, y=alt.Y("high:Q")),
        alt.Chart(frame).mark_rule(color=COLOUR["stay"], strokeWidth=3, opacity=0.8).encode(x=x, y=y, y2="high:Q"),
    )
    out = [
        name
        for name, weighs, low, high, _ in points
        if high < limit(ends[0], weighs, -1) or low > limit(ends[1], weighs, 1)
    ]
    said = (
        f"Each line is the range of one of {len(points)} {nouns}; dashed, how far a share may lie from all of them "
        f"together, {formats.share_range(*ends)}, only because few suppliers decide it. "
        + (f"Beyond it: {formats.listed(out)}." if out else "None lies beyond it.")
    )
    specs = [(css, _config(chart, width - 70, 260)) for css, width in SIZES]
    return _drawings(specs, f"Ranges of {len(points)} {nouns} by how many suppliers decide them", said)


@lru_cache(maxsize=512)
def caterpillar(nouns: str, ranks: tuple[tuple[str, int, int], ...]) -> Markup:
    """
    A line for each body, from the best to the worst place that its bounds allow; no dot in between.

    Args:
        nouns: What the bodies are, in small letters.
        ranks: Name, best place, worst place.
    """
    import altair as alt  # as above

    size = len(ranks)
    frame = pd.DataFrame(ranks, columns=["name", "best", "worst"])
    order = frame.assign(middle=frame["best"] + frame["worst"]).sort_values(["middle", "best", "name"])["name"].tolist()
    # A place is drawn as wide as it is: from half before it to half after it, so that a certain one can be seen.
    frame = frame.assign(start=frame["best"] - 0.4, end=frame["worst"] + 0.4)
    ticks = sorted({1, size, *range(0, size, max(size // 6, 1))} - {0})
    specs = []
    for css, width in SIZES:
        room = 190 if css == "lp-wide" else 130
        x = alt.X("start:Q", title=None, scale=alt.Scale(domain=[0.5, size + 0.5], nice=False),
                  axis=alt.Axis(orient="top", values=ticks, format="d", domain=False, ticks=False))  # fmt: skip
        y = alt.Y(
            "name:N",
            sort=order,
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=room - 12, labelColor=COLOUR["ink"]),
        )
        rule = alt.Chart(frame).mark_bar(color=COLOUR["peer"], height=8, cornerRadius=3).encode(x=x, x2="end:Q", y=y)
        specs.append((css, _config(rule, width - room, max(size * 19, 60))))
    widest = max(ranks, key=lambda row: row[2] - row[1])
    said = (
        f"Each line runs from the best to the worst place that one of {size} {nouns} could have. "
        f"The longest is {widest[0]}: {formats.rank(widest[1], widest[2])}."
    )
    return _drawings(specs, f"Possible places of {size} {nouns}", said)
