"""Charts that somebody explores in the browser: specifications without data, made by Altair; Vega draws them on demand."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from dagster_project.portal.assets import for_scripts

PLACE = "compare/charts.json"
#: Colours are the page's own, so that a drawing follows the reader's scheme.
COLOUR = {name: f"var(--lp-{name})" for name in ("ink", "muted", "stay", "unk", "peer", "rule")}
HATCH = "url(#lp-hatch)"
PERCENT = ".0%"
#: Pounds, short: £1.2m; Vega writes M and G where people write m and bn.
AMOUNT = "'£' + replace(replace(format(datum.value, '.3~s'), 'G', 'bn'), 'M', 'm')"


@lru_cache
def chart_file() -> dict[str, bytes]:
    """
    Vega specifications by name, data `rows` left empty.

    `years`: one body's measure, `year`, `low`, `high`, `run`; rows of one run are joined. `pounds` and `shares`: a mark for
    each body over an amount or over another share, `slug`, `low`, `high`, `x`, `x2`. Signals: `width`, and `mine`, the slug
    that is told apart. The mark nearest to the pointer is in the data `picked_store`.
    """
    import vl_convert  # slow to load

    specs = {"years": _years(), "pounds": _beside("pounds"), "shares": _beside("shares")}
    compiled = {name: vl_convert.vegalite_to_vega(spec) for name, spec in specs.items()}
    return {PLACE: for_scripts(compiled)}


def _years() -> dict[str, Any]:
    """Hatched band between the lowest and the highest possible value, cut where the series breaks."""
    import altair as alt

    base = alt.Chart(alt.NamedData(name="rows"))
    x = alt.X("year:O", title=None, axis=alt.Axis(grid=False, labelAngle=0, labelOverlap=True))
    y = alt.Y("low:Q", title=None, axis=alt.Axis(domain=False, ticks=False, tickCount=4), scale=alt.Scale(zero=True))
    picked = alt.selection_point(name="picked", on="pointerover", nearest=True, fields=["year"], empty=False)
    chart = alt.layer(
        base.mark_area(fill=HATCH, line=False).encode(x=x, y=y, y2="high:Q", detail="run:N"),
        base.mark_line(color=COLOUR["stay"], strokeWidth=2.5).encode(x=x, y=y, detail="run:N"),
        base.mark_line(color=COLOUR["unk"], strokeWidth=1.5).encode(x=x, y="high:Q", detail="run:N"),
        base.mark_rule(color=COLOUR["unk"], strokeWidth=1.5).encode(x=x, y=y, y2="high:Q"),
        base.mark_circle(color=COLOUR["stay"], opacity=1).encode(
            x=x, y=y, size=alt.condition(picked, alt.value(140), alt.value(45))
        ).add_params(picked),
    )  # fmt: skip
    return _config(chart, 170)


def _beside(kind: str) -> dict[str, Any]:
    """A mark for each body, as wide and high as what is not known; the chosen one in ink, above the others."""
    import altair as alt

    base = alt.Chart(alt.NamedData(name="rows"))
    is_money = kind == "pounds"
    axis: dict[str, Any] = {"labelExpr": AMOUNT} if is_money else {"format": PERCENT}
    scale = alt.Scale(type="log", nice=False, padding=12) if is_money else alt.Scale(domain=[0, 1])
    x = alt.X("x:Q", title=None, scale=scale, axis=alt.Axis(domain=False, ticks=False, tickCount=5, **axis))
    y = alt.Y(
        "low:Q", title=None, axis=alt.Axis(domain=False, ticks=False, format=PERCENT), scale=alt.Scale(domain=[0, 1])
    )
    mine = alt.param(name="mine", value="")
    picked = alt.selection_point(name="picked", on="pointerover", nearest=True, fields=["slug"], empty=False)
    wide = 4 if is_money else 2  # an amount is known: such a mark has height alone
    marks = base.mark_rect(fill=HATCH).encode(x=x, x2="x2:Q", y=y, y2="high:Q")
    chart = alt.layer(
        marks.encode(
            stroke=alt.condition(picked, alt.value(COLOUR["ink"]), alt.value(COLOUR["peer"])),
            strokeWidth=alt.condition(picked, alt.value(wide + 1), alt.value(wide)),
        ),
        marks.transform_filter("datum.slug === mine").encode(stroke=alt.value(COLOUR["stay"]), strokeWidth=alt.value(wide + 3)),
        # what is pointed at is the mark whose middle is nearest; the middle itself is no estimate, and is not drawn
        base.transform_calculate(middle="(datum.low + datum.high) / 2", across="datum.x" if is_money else "(datum.x + datum.x2) / 2")
        .mark_circle(opacity=0, color=COLOUR["ink"])
        .encode(x=alt.X("across:Q", scale=scale), y="middle:Q")
        .add_params(picked),
    ).add_params(mine)  # fmt: skip
    return _config(chart, 360)


def _config(chart: Any, height: int) -> dict[str, Any]:
    spec: dict[str, Any] = (
        chart.properties(width=300, height=height, background="transparent", padding=4)
        .configure(font="LP Public Sans, sans-serif", aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            gridColor=COLOUR["rule"], tickColor=COLOUR["muted"], labelColor=COLOUR["muted"], titleColor=COLOUR["muted"],
            labelFontSize=13, titleFontSize=13, titleFontWeight="normal", labelPadding=6,
        )
        .to_dict(validate=False)
    )  # fmt: skip
    return spec
