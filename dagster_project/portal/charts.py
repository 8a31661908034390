"""Charts drawn by Altair and vl-convert, for what is drawn seldom: bounds over time, caterpillars. Two sizes of each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markupsafe import Markup

from dagster_project.portal import formats
from dagster_project.portal.svg import COLOUR, restyle

HATCH = "url(#lp-hatch)"
#: Class and width of the two printed sizes: a picture that is only scaled would shrink its words on a phone.
SIZES = (("lp-wide", 720), ("lp-narrow", 330))
FONT = "Public Sans, sans-serif"


def _config(chart: Any, width: int, height: int) -> dict[str, Any]:
    """The look of every chart, and its specification."""
    return (
        chart.properties(width=width, height=height, background="transparent", padding={"left": 4, "right": 4, "top": 6, "bottom": 4})
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            domainColor=COLOUR["axis"], tickColor=COLOUR["axis"], gridColor=COLOUR["grid"], labelColor=COLOUR["muted"],
            titleColor=COLOUR["muted"], labelFontSize=13, titleFontSize=13, titleFontWeight="normal", labelPadding=6,
        )
        .to_dict(validate=False)
    )  # fmt: skip


def _drawings(specs: list[tuple[str, dict[str, Any]]], title: str, description: str) -> Markup:
    import vl_convert

    return Markup("").join(
        restyle(vl_convert.vegalite_to_svg(spec), css, title, description) for css, spec in specs
    )


@lru_cache(maxsize=512)
def bounds_over_time(name: str, years: tuple[tuple[str, float, float], ...]) -> Markup:
    """
    The lowest and the highest share that stayed local, year by year; what lies between is hatched.

    Args:
        name: The body, as people say it.
        years: Period, low, high; in order of time. Years that do not follow each other are not joined.
    """
    import altair as alt
    import pandas as pd

    run, rows = 0, []
    for place, (period, low, high) in enumerate(years):
        if place and int(period[:4]) != int(years[place - 1][0][:4]) + 1:
            run += 1
        rows.append({"year": formats.year(period)[2:], "low": low, "high": high, "run": run})
    frame = pd.DataFrame(rows)
    last = frame.tail(1).assign(
        least=lambda f: f["low"].map(lambda v: f"{formats.share_range(v, 1).split(formats.DASH)[0].rstrip('%').split(' to ')[0]}% at least"),
        most=lambda f: f["high"].map(lambda v: f"{formats.share_range(0, v).split(formats.DASH)[-1].split(' to ')[-1]} at most"),
    )
    specs = []
    for css, width in SIZES:
        x = alt.X("year:O", title=None, axis=alt.Axis(grid=False, labelAngle=0, labelOverlap=True), scale=alt.Scale(padding=0.5))
        y = alt.Y("low:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False))
        base = alt.Chart(frame).encode(x=x, detail="run:N")
        band = base.mark_area(fill=HATCH).encode(y=y, y2="high:Q")
        low = base.mark_line(color=COLOUR["stay"], strokeWidth=2.5).encode(y=y)
        dots = base.mark_circle(color=COLOUR["stay"], size=45, opacity=1).encode(y=y)
        high = base.mark_line(color=COLOUR["unk"], strokeWidth=1.5).encode(y=alt.Y("high:Q"))
        ends = [
            alt.Chart(last).mark_text(align="left", dx=10, fontSize=13, color=COLOUR[colour], fontWeight=weight)
            .encode(x=x, y=alt.Y(f"{at}:Q"), text=f"{text}:N")
            for at, text, colour, weight in (("high", "most", "muted", "normal"), ("low", "least", "stay", "bold"))
        ]  # fmt: skip
        specs.append((css, _config(alt.layer(band, low, dots, high, *ends), width - 150, 220)))
    first, final = years[0], years[-1]
    said = (
        f"In {formats.year(first[0])}, {formats.share_range(*first[1:])} of what {name} spent stayed local; "
        f"in {formats.year(final[0])}, {formats.share_range(*final[1:])}."
    )
    return _drawings(specs, f"Share of spending that stayed in the area of {name}, lowest and highest possible", said)


@lru_cache(maxsize=512)
def caterpillar(nouns: str, ranks: tuple[tuple[str, int, int], ...]) -> Markup:
    """
    A line for each body, from the best to the worst place that its bounds allow; no dot in between.

    Args:
        nouns: What the bodies are, in small letters.
        ranks: Name, best place, worst place.
    """
    import altair as alt
    import pandas as pd

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
        y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=room - 12, labelColor=COLOUR["ink"]))
        rule = alt.Chart(frame).mark_bar(color=COLOUR["peer"], height=8, cornerRadius=3).encode(x=x, x2="end:Q", y=y)
        specs.append((css, _config(rule, width - room, max(size * 19, 60))))
    widest = max(ranks, key=lambda row: row[2] - row[1])
    said = (
        f"Each line runs from the best to the worst place that one of {size} {nouns} could have. "
        f"The longest is {widest[0]}: {formats.rank(widest[1], widest[2])}."
    )
    return _drawings(specs, f"Possible places of {size} {nouns}", said)
