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
        kind: `region`, `county`, `combined_authority`, `set`, or `succession`: bodies with those before them.
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
    publishers: Mapping[str, Any], regions: Mapping[str, str], named: Sequence[Mapping[str, str]],
    spine: Mapping[str, Any] | None = None,
) -> tuple[Cluster, ...]:  # fmt: skip
    """
    Every region, county and combined authority's area with all bodies that serve it, sets by name, and successions.

    Args:
        publishers: Bodies of the spine that may be members; `kind`, `lad_code`, `areas_served` and `region` are read.
        regions: Code to name of each region.
        named: Rows of `clusters.csv`: `slug`, `name`, and `bodies` joined by bars.
        spine: Every body, for who took over from whom; `publishers` where not given.

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
    found += successions(spine or publishers, publishers, serves)
    return tuple(sorted((cluster for cluster in found if len(cluster.members) > 1), key=lambda cluster: cluster.slug))


def successions(
    spine: Mapping[str, Any], publishers: Mapping[str, Any], serves: Mapping[str, frozenset[str]]
) -> list[Cluster]:
    """
    Bodies that went with those that took over, so that a series runs on where councils were made anew.

    Args:
        spine: Every body; `name` and `successor` are read.
        publishers: Those that may be members; `region` is read.
        serves: Districts of bodies that have some.

    Returns:
        One cluster for all that are tied by who took over from whom: where one body was divided among several, those
        are pooled too, since nobody can divide its payments. Named after the bodies from whom nobody has taken over.
    """
    group = {slug: {slug} for slug in spine}
    for slug, body in spine.items():
        for heir in body.successor:
            joined = group[slug] | group[heir]
            for one in joined:
                group[one] = joined
    found = []
    for tied in {frozenset(slugs) for slugs in group.values() if len(slugs) > 1}:
        members = tuple(slug for slug in publishers if slug in tied)
        last = sorted(slug for slug in tied if not spine[slug].successor)
        areas = tuple(sorted({area for slug in members for area in serves.get(slug, ())}))
        regions = {publishers[slug].region for slug in members}
        found.append(Cluster(
            f"before-and-after-{last[0]}", " and ".join(spine[slug].name for slug in last), "succession", members, areas,
            regions.pop() if len(regions) == 1 else "",
        ))  # fmt: skip
    return found
