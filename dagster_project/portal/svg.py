"""From Vega's SVG to ours: colours become classes, so that one drawing serves light, dark, print and high contrast."""

from __future__ import annotations

import re

from lxml import etree
from markupsafe import Markup, escape

#: Colours that charts are drawn with, each standing for a class; none of them is ever seen.
SENTINELS = {
    "#010101": "ink", "#020202": "muted", "#030303": "grid", "#040404": "stay", "#050505": "unk", "#060606": "peer",
    "#070707": "paper", "#080808": "axis",
}  # fmt: skip
COLOUR = {name: code for code, name in SENTINELS.items()}

_DROPPED = ("role", "class", "style", "font-family", "pointer-events", "xmlns", "version")
_KEPT_ATTRIBUTES = ("fill", "stroke")


class ColourError(ValueError):
    """A chart was drawn with a colour that no class stands for: it would not follow the reader's scheme."""


def restyle(svg: str, css: str, title: str, description: str) -> Markup:
    """
    One drawing, ready to stand in a page.

    Args:
        svg: As Vega printed it.
        css: Class of the drawing, such as `lp-wide`.
        title: What the drawing is.
        description: What it shows, in words: its alternative text.

    Raises:
        ColourError: a colour that is not one of `SENTINELS`.
    """
    root = etree.fromstring(
        svg.encode(), etree.XMLParser(remove_comments=True, no_network=True, resolve_entities=False)
    )
    for element in list(root.iter()):
        _restyle_element(element)
    for group in reversed(list(root.iter())):
        parent = group.getparent()
        if parent is not None and len(group) == 0 and not (group.text or "").strip() and _is_empty(group):
            parent.remove(group)
    width, height = root.get("width"), root.get("height")
    inner = "".join(etree.tostring(child, encoding="unicode") for child in root)
    inner = re.sub(r' xmlns(:\w+)?="[^"]*"', "", re.sub(r"(\d+\.\d{2})\d+", r"\1", inner))
    return Markup(  # noqa: S704 - title and description are escaped, the rest is Vega's own
        f'<svg class="lp-vega {css}" role="img" width="{width}" height="{height}" viewBox="{root.get("viewBox")}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{inner}</svg>"
    )


def _is_empty(element: etree._Element) -> bool:
    name = etree.QName(element).localname
    return (
        name in ("g", "text", "defs")
        or (name == "path" and not element.get("d"))
        or (
            name == "path"
            and element.get("fill") in (None, "none")
            and not element.get("class")
            and not element.get("stroke")
        )
    )


def _restyle_element(element: etree._Element) -> None:
    classes = []
    for kind in _KEPT_ATTRIBUTES:
        value = element.get(kind)
        if value in SENTINELS:
            classes.append(f"{kind[0]}-{SENTINELS[value]}")
            del element.attrib[kind]
        elif value not in (None, "none", "transparent") and not value.startswith("url(#"):
            raise ColourError(f"a chart is drawn in '{value}'; use one of portal.svg.COLOUR")
        elif value == "transparent":
            element.set(kind, "none")
    for name in list(element.attrib):
        if name in _DROPPED or name.startswith("aria-"):
            del element.attrib[name]
    if classes:
        element.set("class", " ".join(classes))
