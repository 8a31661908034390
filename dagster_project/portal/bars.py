"""
Charts drawn by plain functions, for what is drawn on every page: pound bars, table bars, rank bars, columns.

Geometry is in per cent of the width and in fixed heights, without a viewBox: text and hatch never scale, nothing
shifts, and no inline style is needed. Colours are classes; the hatch is a pattern that every page defines once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from dagster_project.portal import formats

HATCH = "url(#lp-hatch)"
#: A chart of two months is as wide as one of a year, so that its columns stay columns.
FEWEST_COLUMNS = 12


def _pc(share: float) -> str:
    """A share as per cent of the width, two decimals at most."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def _svg(css: str, height: int, inner: str, said: str = "") -> Markup:
    """A drawing as wide as its place; without words, one that a reader of screens passes over."""
    words = f'role="img" aria-label="{escape(said)}"' if said else 'aria-hidden="true"'
    # Every text in `inner` was escaped where it was put in.
    return Markup(f'<svg class="{css}" width="100%" height="{height}" {words}>{inner}</svg>')  # noqa: S704


def _rect(x: float, width: float, y: float, height: float, css: str, fill: str = "") -> str:
    paint = f' fill="{fill}"' if fill else ""
    return f'<rect class="{css}" x="{_pc(x)}" y="{y:g}" width="{_pc(width)}" height="{height:g}"{paint}/>'


def _three(low: float, high: float, y: float, height: float) -> str:
    """Stayed, not known, left: always in that order; a gap of paper parts them."""
    parts = []
    if low > 0:
        parts.append(_rect(0, low, y, height, "f-stay"))
    if high > low:
        parts.append(_rect(low, high - low, y, height, "f-paper"))
        parts.append(_rect(low, high - low, y, height, "f-hatch", HATCH))
    if high < 1:
        parts.append(_rect(high, 1 - high, y, height, "f-away"))
    parts += [
        f'<line class="s-paper" x1="{_pc(edge)}" x2="{_pc(edge)}" y1="{y:g}" y2="{y + height:g}"/>'
        for edge in sorted({low, high} - {0, 1})
    ]
    return "".join(parts)


def pound_bar(low: float, high: float, said: str) -> Markup:
    """
    The pound bar of a lead: what surely stayed, what nobody can place, what surely left.

    Args:
        low: Lower bound of the share that stayed, 0 to 1.
        high: Upper bound.
        said: The alternative text.
    """
    stay, unknown, away = formats.parts_of_pound(low, high)
    first, last = formats.pence_ends(low, high)
    marks = []
    if high - low >= 0.005:
        label = f"somewhere from {first} to {last}"
        middle = min(max((low + high) / 2, 0.2), 0.8)
        marks.append(
            f'<text class="lp-bar__range" x="{_pc(middle)}" y="12" text-anchor="middle">{escape(label)}</text>'
            f'<line class="s-ink" x1="{_pc(low)}" x2="{_pc(high)}" y1="20" y2="20"/>'
            f'<line class="s-ink" x1="{_pc(low)}" x2="{_pc(low)}" y1="16" y2="25"/>'
            f'<line class="s-ink" x1="{_pc(high)}" x2="{_pc(high)}" y1="16" y2="25"/>'
        )
    if low >= 0.08:
        marks.append(
            f'<svg x="0" y="26" overflow="visible"><text class="lp-bar__on" x="12" y="34">{stay}p</text></svg>'
        )
    if high - low >= 0.1:
        centre = _pc((low + high) / 2)
        marks.append(
            f'<svg x="{centre}" y="26" overflow="visible"><rect class="f-paper" x="-26" y="12" width="52" height="29"/>'
            f'<text class="lp-bar__unk" x="0" y="34" text-anchor="middle">{unknown}p</text></svg>'
        )
    if 1 - high >= 0.08:
        marks.append(
            f'<svg x="{_pc(high)}" y="26" overflow="visible">'
            f'<text class="lp-bar__off" x="12" y="34">{away}p</text></svg>'
        )
    body = _three(low, high, 26, 52) + "".join(marks)
    return _svg("lp-bar", 80, body, said)


def table_bar(low: float | None, high: float | None) -> Markup:
    """The same for a table row; a cell beside it says the range in words. Hollow where there is no value."""
    if low is None or high is None:
        body = '<rect class="lp-none" x="0.5" y="0.5" width="99%" height="14"/>'
    else:
        body = _three(low, high, 0, 15)
    return _svg("lp-tbar", 15, body)


def size_bar(value: float, most: float) -> Markup:
    """An amount beside others, as a part of the largest; a cell beside it says it in words."""
    part = min(max(value / most, 0.0), 1.0) if most > 0 else 0.0
    body = _rect(0, part, 0, 15, "f-peer") if part else ""
    return _svg("lp-tbar", 15, body)


def match_bar(tied: float, unsure: float) -> Markup:
    """
    How much of the money is tied to a register: solid, not sure hatched, the rest pale; a table says it in words.

    Args:
        tied: Share that is tied to an entry, 0 to 1.
        unsure: Share for which an entry comes into question.
    """
    last = min(tied + unsure, 1.0)
    parts = [_rect(0, tied, 0, 15, "f-ink")] if tied > 0 else []
    if unsure > 0:
        parts.append(_rect(tied, last - tied, 0, 15, "f-hatch", HATCH))
    if last < 1:
        parts.append(_rect(last, 1 - last, 0, 15, "f-peer"))
    parts += [
        f'<line class="s-paper" x1="{_pc(x)}" x2="{_pc(x)}" y1="0" y2="15"/>' for x in sorted({tied, last} - {0, 1})
    ]
    return _svg("lp-tbar", 15, "".join(parts))


def rank_bar(best: float, worst: float, of: float) -> Markup:
    """From the best to the worst possible place; no dot, for nobody knows where in between."""
    span = max(of, 1)
    first, last = (best - 1) / span, worst / span
    body = (
        '<line class="s-rule" x1="0" x2="100%" y1="7.5" y2="7.5"/>'
        f'<rect class="f-ink" x="{_pc(first)}" y="4" width="{_pc(max(last - first, 0.01))}" height="7" rx="2"/>'
    )
    return _svg("lp-tbar", 15, body)


@dataclass(frozen=True)
class Column:
    """
    One month or year of a column chart.

    Attributes:
        label: Under the column, `""` for none.
        value: Pence; `None` draws nothing (not published), and the label stays.
        is_open: The period is not complete: hatched, outlined.
        starts: A heavier tick: where a year begins.
        breaks: What stands before it cannot be set beside what follows: a dashed line parts them.
    """

    label: str
    value: float | None
    is_open: bool = False
    starts: bool = False
    breaks: bool = False


def _nice_top(most: float) -> float:
    """The round number at or above an amount: 1, 2, 2.5 or 5 times a power of ten."""
    step = 10 ** (len(str(int(most))) - 1) if most >= 1 else 1
    return next((step * times for times in (1, 2, 2.5, 5, 10) if step * times >= most), most)


def columns(bars: Sequence[Column], said: str, height: int = 200, fewest: int = FEWEST_COLUMNS) -> Markup:
    """
    Money by month or year.

    Amounts below nought (more came back than was paid) hang below the line of nought. A gap stays a gap. Amounts stand
    left of the drawing, where the style sheet leaves them room: they never lie on a column.

    Args:
        bars: In order of time.
        said: The alternative text, computed from the same numbers.
        height: In pixels.
        fewest: Columns that the width has place for at least.
    """
    values = [bar.value for bar in bars if bar.value is not None]
    top, bottom = _nice_top(max([*values, 1])), min([*values, 0])
    bottom = -_nice_top(-bottom) if bottom < 0 else 0
    scale = (height - 44) / (top - bottom)
    zero = 20 + top * scale
    lines, ticks, parts = [], [], []
    for mark in sorted({bottom, 0.0, top / 2, top}):
        y = 20 + (top - mark) * scale
        css = "s-axis" if mark == 0 else "s-grid"
        lines.append(f'<line class="{css}" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>')
        if mark:
            ticks.append(f'<text class="lp-tick" x="-6" y="{y + 4:.1f}" text-anchor="end">{formats.money(mark)}</text>')
    width = 1 / max(len(bars), fewest)
    for place, bar in enumerate(bars):
        parts.append(_column(bar, place * width, width, zero, scale))
        if (bar.starts or bar.breaks) and place:
            line = 'class="s-ink" stroke-dasharray="4 3"' if bar.breaks else 'class="s-rule"'
            parts.append(
                f'<line {line} x1="{_pc(place * width)}" x2="{_pc(place * width)}" y1="20" y2="{height - 20}"/>'
            )
        if bar.label:
            anchor = "" if bar.starts else ' text-anchor="middle"'
            centre = (place + (0.12 if bar.starts else 0.5)) * width
            parts.append(f'<text class="lp-tick" x="{_pc(centre)}" y="{height - 6}"{anchor}>{escape(bar.label)}</text>')
    return _svg("lp-cols", height, "".join((*lines, *ticks, *parts)), said)


def _column(bar: Column, x: float, width: float, zero: float, scale: float) -> str:
    """One column, standing on the line of nought or hanging below it; nothing where there is no amount."""
    if bar.value is None or not round(bar.value):
        return ""
    tall = max(abs(bar.value) * scale, 1)
    y, gap = zero - tall if bar.value > 0 else zero, width * 0.12
    css, fill = ("lp-open", HATCH) if bar.is_open else ("f-col", "")
    return _rect(x + gap, width - 2 * gap, round(y, 1), round(tall, 1), css, fill)
