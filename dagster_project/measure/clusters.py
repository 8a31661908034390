"""Clusters: bodies that are looked at together, pooled from their sums and never from averages of shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Kinds of body that serve a place; departments and agencies serve the whole country and are in no cluster of places.
NATIONAL = ("department", "agency", "other")


@dataclass(frozen=True)
class Cluster:
    """
    Several bodies together.

    Attributes:
        kind: `region`, `county`, `combined_authority` or `set`.
        members: Slugs of the bodies, in order.
        areas_served: Districts of the place.
        region: Where all of the place lies in one; `""` otherwise.
    """

    slug: str
    name: str
    kind: str
    members: tuple[str, ...]
    areas_served: tuple[str, ...]
    region: str = ""
    lad_code: str = ""


def clusters_of(
    publishers: Mapping[str, Any], regions: Mapping[str, str], named: Sequence[Mapping[str, str]]
) -> tuple[Cluster, ...]:
    """
    Every region, every county and every combined authority's area with all bodies that serve it, and sets by name.

    Args:
        publishers: The spine; `kind`, `lad_code`, `areas_served` and `region` are read.
        regions: Code to name of each region.
        named: Rows of `clusters.csv`: `slug`, `name`, and `bodies` joined by bars.

    Returns:
        By slug; only clusters of two bodies or more. A body is in a place if it serves districts of it and none outside:
        council tiers, police, fire, the combined authority itself.
    """
    region_of = {body.lad_code: body.region for body in publishers.values() if body.lad_code}
    serves = {
        slug: frozenset(body.areas_served or ((body.lad_code,) if body.lad_code in region_of else ()))
        for slug, body in publishers.items() if body.kind not in NATIONAL
    }  # fmt: skip
    found = []
    for code, name in regions.items():
        members = tuple(slug for slug, body in publishers.items() if body.region == code and slug in serves)
        areas = tuple(sorted({area for slug in members for area in serves[slug]}))
        found.append(Cluster(f"region-{code.lower()}", name, "region", members, areas, code))
    for slug, body in publishers.items():
        if body.kind in ("county", "combined_authority") and len(body.areas_served) > 1:
            place = frozenset(body.areas_served)
            members = tuple(other for other, areas in serves.items() if areas and areas <= place)
            found.append(Cluster(f"area-of-{slug}", body.name, body.kind, members, tuple(sorted(place)), body.region))
    for row in named:
        members = tuple(slug for slug in row["bodies"].split("|") if slug in publishers)
        areas = tuple(sorted({area for slug in members for area in serves.get(slug, ())}))
        own = {publishers[slug].region for slug in members}
        found.append(Cluster(row["slug"], row["name"], "set", members, areas, own.pop() if len(own) == 1 else ""))
    return tuple(sorted((cluster for cluster in found if len(cluster.members) > 1), key=lambda cluster: cluster.slug))
