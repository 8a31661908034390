"""Which bodies are looked at together."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SETS = Path(__file__).parents[2] / "datapackages" / "measures" / "clusters.csv"
#: Bodies that serve the whole country, and no place.
NATIONAL = ("department", "agency", "other")


@dataclass(frozen=True)
class Cluster:
    """Several bodies, their districts, and the region that all of them lie in."""

    slug: str
    kind: str
    members: tuple[str, ...]
    districts: tuple[str, ...]
    region: str = ""


def clusters_of(bodies: Mapping[str, dict], paid: set[str], served: Mapping[str, tuple[str, ...]]) -> list[Cluster]:
    """Regions, counties, areas of combined authorities and sets by name, each of two bodies or more with files."""
    here = {slug: body for slug, body in bodies.items() if slug in paid}
    local = {slug: body for slug, body in here.items() if body["kind"] not in NATIONAL}
    coded = {body["lad_code"] for body in here.values() if body["lad_code"]}
    districts = {
        slug: set(filter(None, body["areas_served"].split("|"))) or ({body["lad_code"]} & coded)
        for slug, body in local.items()
    }
    found = []
    for region in sorted({body["region"] for body in here.values()} - {""}):
        members = [slug for slug, body in local.items() if body["region"] == region]
        found.append(_pooled(f"region-{region.lower()}", "region", members, districts, region))
    for slug, body in here.items():
        place = set(body["areas_served"].split("|")) - {""}
        if body["kind"] in ("county", "combined_authority") and len(place) > 1:
            members = [other for other, codes in districts.items() if codes and codes <= place]
            cluster = _pooled(f"area-of-{slug}", body["kind"], members, districts, body["region"])
            found.append(Cluster(cluster.slug, cluster.kind, cluster.members, tuple(sorted(place)), cluster.region))
    with SETS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            members = [slug for slug in row["bodies"].split("|") if slug in here]
            regions = {here[slug]["region"] for slug in members}
            region = regions.pop() if len(regions) == 1 else ""
            found.append(_pooled(row["slug"], "set", members, districts, region))
    found += successions(bodies, here, districts)
    return [cluster for cluster in found if len(cluster.members) > 1]


def successions(
    bodies: Mapping[str, dict], here: Mapping[str, dict], districts: Mapping[str, set[str]]
) -> list[Cluster]:
    """Bodies that went and those that took over, all that are tied by it in one."""
    heirs = {slug: set(filter(None, body["successor"].split("|"))) for slug, body in bodies.items()}
    beside = {slug: set(own) for slug, own in heirs.items()}
    for slug, own in heirs.items():
        for heir in own:
            beside[heir].add(slug)
    found, seen = [], set()
    for first in bodies:
        tied, open_ = set(), [first] if first not in seen else []
        while open_:
            one = open_.pop()
            if one not in tied:
                tied.add(one)
                open_ += beside[one]
        seen |= tied
        if len(tied) > 1:
            last = min(slug for slug in tied if not heirs[slug])
            members = [slug for slug in here if slug in tied]
            regions = {here[slug]["region"] for slug in members}
            region = regions.pop() if len(regions) == 1 else ""
            found.append(_pooled(f"before-and-after-{last}", "succession", members, districts, region))
    return found


def _pooled(slug: str, kind: str, members: list[str], districts: Mapping[str, set[str]], region: str) -> Cluster:
    codes = {code for member in members for code in districts.get(member, ())}
    return Cluster(slug, kind, tuple(members), tuple(sorted(codes)), region)
