"""From the sector of a postcode to the bodies that serve it, as one small file that the finder reads in the browser."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from dagster_project.portal import words
from dagster_project.portal.assets import for_scripts

PLACE = "find/sectors.json"
#: Kinds whose area is one district: the first that there is names it.
NAMING = ("metropolitan_district", "london_borough", "unitary", "district")


def sector_file(sectors: pd.DataFrame, bodies: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """
    `find/sectors.json`, or nothing where no register of postcodes is at hand.

    Args:
        sectors: `outward` (`"NM4"`), `sector` (the digit after the space), `lad_code`, `postcodes` that lie in both.
        bodies: As `pages.body_rows` has them, by name.

    Returns:
        `areas`: a list of `name` and slugs of the `bodies` that serve it; `sectors`: outward part to digit to places in that
        list, the one with most postcodes first.
    """
    if sectors.empty:
        return {}
    serving = _serving(bodies)
    codes = sorted(set(sectors["lad_code"]) & set(serving))
    place_of = {code: at for at, code in enumerate(codes)}
    found: dict[str, dict[str, list[int]]] = {}
    known = sectors[sectors["lad_code"].isin(codes)]
    order = known.sort_values(["outward", "sector", "postcodes", "lad_code"], ascending=[True, True, False, True])
    for outward, digit, code in zip(order["outward"], order["sector"], order["lad_code"], strict=True):
        found.setdefault(outward, {}).setdefault(digit, []).append(place_of[code])
    areas = [{"name": _name(serving[code]), "bodies": [body["slug"] for body in serving[code]]} for code in codes]
    return {PLACE: for_scripts({"areas": areas, "sectors": found})}


def by_area(sectors: pd.DataFrame, bodies: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """For those without scripts: the letters that postcodes begin with, and the councils of the districts there, by name."""
    if sectors.empty:
        return []
    own = {code: [body for body in found if body["kind"] in NAMING] for code, found in _serving(bodies).items()}
    pairs = pd.DataFrame(
        {"area": sectors["outward"].str.extract(r"^([A-Z]+)", expand=False), "code": sectors["lad_code"]}
    )
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for area, code in pairs.dropna().drop_duplicates().itertuples(index=False):
        found.setdefault(area, {}).update({body["slug"]: body for body in own.get(code, ())})
    return [
        (area, sorted(found[area].values(), key=lambda body: body["short"])) for area in sorted(found) if found[area]
    ]


def _serving(bodies: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Code of a district to the bodies of today that serve it."""
    serving: dict[str, list[Mapping[str, Any]]] = {}
    for body in bodies:
        if not body["end"]:
            for code in {body["lad_code"], *body["areas_served"].split("|")} - {""}:
                serving.setdefault(code, []).append(body)
    return serving


def _name(serving: list[Mapping[str, Any]]) -> str:
    """The district's name, which its own council bears."""
    own = sorted((body for body in serving if body["kind"] in NAMING), key=lambda body: NAMING.index(body["kind"]))
    return words.short_name((own or serving)[0]["name"])
