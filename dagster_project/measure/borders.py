"""Which districts lie in the counties that border on a body's own, from boundaries in TopoJSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

#: The collection of districts in the boundaries of the Office for National Statistics, and the code of each.
DISTRICTS, CODE, ENDED = "ltla", "areacd", "end"


def borders_of(topology: Mapping[str, Any]) -> dict[str, set[str]]:
    """
    Which districts share a border.

    Args:
        topology: TopoJSON with the object `ltla`; districts with `end` are gone.

    Returns:
        By district, the others that share an arc with it: a border longer than a point.
    """
    owners: dict[int, set[str]] = defaultdict(set)
    for shape in topology["objects"][DISTRICTS]["geometries"]:
        said = shape.get("properties", {})
        if not said.get(ENDED):
            for arc in _arcs(shape.get("arcs", [])):
                # An arc that runs the other way is told as its complement.
                owners[arc if arc >= 0 else ~arc].add(said[CODE])
    found: dict[str, set[str]] = defaultdict(set)
    for codes in owners.values():
        for code in codes:
            found[code] |= codes - {code}
    return dict(found)


def _arcs(nested: Iterable[Any]) -> Iterable[int]:
    for part in nested:
        if isinstance(part, int):
            yield part
        else:
            yield from _arcs(part)


def near_districts(
    served: Mapping[str, Iterable[str]], counties: Iterable[Iterable[str]], borders: Mapping[str, Iterable[str]]
) -> dict[str, set[str]]:
    """
    Districts in a body's own counties and in those that border on them.

    Args:
        served: Districts by body.
        counties: Districts of each county of several; every other district is a county or London borough of its own.
        borders: See `borders_of`.

    Returns:
        By body; an empty set for a body without districts.
    """
    county_of = {code: frozenset(county) for county in map(tuple, counties) for code in county}

    def county(code: str) -> frozenset[str]:
        return county_of.get(code, frozenset((code,)))

    found = {}
    for body, codes in served.items():
        own = {code for district in codes for code in county(district)}
        beyond = {other for code in own for other in borders.get(code, ())}
        found[body] = own | {code for other in beyond for code in county(other)}
    return found
