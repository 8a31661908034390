"""All figures of a build, from its packages and registers: of bodies, of parts of their spending, of clusters."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import pandas as pd

from tests.recompute import asked, files, places
from tests.recompute.clusters import Cluster, clusters_of
from tests.recompute.facts import Registers
from tests.recompute.parts import bought_of, services_of
from tests.recompute.payees import DISTRICTS, Ground, payee_years
from tests.recompute.published import links_of, payments_of, read
from tests.recompute.registers import borders_of, deprived_of, prices_of, rows_of
from tests.recompute.sums import Found, effective
from tests.recompute.visits import rows_of as visits_of
from tests.recompute.visits import visit_figures

DECLARED = Path(__file__).parents[2] / "datapackages"
#: In league tables a lower value of these is the better one.
LOWER = ("n2-emissions-per-pound",)
#: Shown and never ranked: scenarios, sums, and what few suppliers report.
NEVER_RANKED = ("spend-real", "e2-known-site-in-the-area", "er-respent", "n1-emissions", "n2-emissions-per-pound",
                "s1-gender-pay-gap", "s3-modern-slavery-statement", "s4-suppliers-pay-in-days")  # fmt: skip
BY_SERVICE = ("spend", "spend-real", "e1-stays-in-the-area", "e7-small-and-medium", "e8-local-small-and-medium",
              "e9-voluntary-and-social")  # fmt: skip
SERVICES_APART = "Bodies name their services each in their own way, so services are not compared."

#: A row as it is published: ends, outer ends, base, unknown, months, coverage, effective payees, status, why not
#: ranked, population, and places.
Row = tuple[object, ...]


class World:
    """A build's packages, the registers that it was given and its record of visits, if it has one."""

    def __init__(self, packages: Path, registers: Path, visits: Path):
        self.package = packages / "all"
        said = json.loads((self.package / "datapackage.json").read_text(encoding="utf-8"))["description"]
        self.is_complete = "a set of files" not in said
        self.lines = payments_of(self.package)
        self.bodies = {row["slug"]: row for row in read(self.package, "publishers").to_dict("records")}
        self.links = links_of(packages / "suppliers")
        self.said = rows_of(registers)
        self.borders = borders_of(registers)
        self.visits = visits_of(visits)

    @cached_property
    def ground(self) -> Ground:
        """What registers say."""
        region = {
            body["lad_code"]: body["region"] for body in self.bodies.values()
            if body["lad_code"][:3] in DISTRICTS and body["region"]
        }  # fmt: skip
        rows = [row for rows in self.said.get("emissions", ()) for row in rows]
        return Ground(Registers(self.said), region, deprived_of(self.said.get("deprivation", [])), rows)

    @property
    def at_hand(self) -> set[str]:
        """Which registers beyond those of names there are."""
        named = {"deprivation": "deprivation", "gaps": "pay_gaps", "emissions": "emissions",
                 "statements": "statements", "practices": "practices"}  # fmt: skip
        return {ours for ours, theirs in named.items() if theirs in self.said} | (
            {"borders"} if self.borders else set()
        )

    @cached_property
    def served(self) -> dict[str, tuple[str, ...]]:
        """Districts of each body."""
        several = {slug: tuple(filter(None, body["areas_served"].split("|"))) for slug, body in self.bodies.items()}
        return {slug: codes or ((self.bodies[slug]["lad_code"],) if self.bodies[slug]["lad_code"] else ())
                for slug, codes in several.items()}  # fmt: skip

    @cached_property
    def divided(self) -> set[str]:
        """Councils that went into a larger one, whose code is all that is left of their area."""
        gone = {
            slug: body["lad_code"]
            for slug, body in self.bodies.items()
            if body["end"] and body["lad_code"] and not body["areas_served"] and body["kind"] != "county"
        }
        still = {body["lad_code"] for body in self.bodies.values() if not body["end"]}
        return {slug for slug, code in gone.items() if code in still and list(gone.values()).count(code) > 1}

    def near(self, served: Mapping[str, tuple[str, ...]]) -> dict[str, set[str]]:
        """Districts of each one's own county or London borough, and of those that border on it."""
        with (DECLARED / "measures" / "metropolitan_counties.csv").open(encoding="utf-8", newline="") as file:
            counties = [row["districts"].split("|") for row in csv.DictReader(file)]
        counties += [body["areas_served"].split("|") for body in self.bodies.values()
                     if body["kind"] == "county" and body["areas_served"]]  # fmt: skip
        county = {code: frozenset(codes) for codes in counties for code in codes}
        found = {}
        for who, codes in served.items():
            own = {other for code in codes for other in county.get(code, {code})}
            beyond = {other for code in own for other in self.borders.get(code, ())}
            found[who] = own | {other for code in beyond for other in county.get(code, {code})}
        return found

    @cached_property
    def neighbours(self) -> dict[str, list[str]]:
        """The most alike bodies of each."""

        def first(name: str, by: str) -> dict[str, dict[str, str]]:
            return {row[by]: row for rows in self.said.get(name, ()) for row in rows}

        sizes, poor, rural = first("sizes", "place"), first("poverty", "code"), first("rurality", "code")
        said = {}
        for slug, body in self.bodies.items():
            code = body["org_id"].rsplit("-", 1)[-1]
            size = sizes.get(body["lad_code"], {})
            texts = [size.get("people"), size.get("area"), poor.get(code, {}).get("score"),
                     rural.get(code, {}).get("most"), rural.get(code, {}).get("much")]  # fmt: skip
            if all(texts):
                people, area, score, most, much = map(float, texts)
                said[slug] = (people, people / area, score, most + much)
        return places.nearest({slug: body["kind"] for slug, body in self.bodies.items()}, said)

    def figures(self) -> dict[tuple[str, ...], Row]:
        """Rows of `figures` by measure, body and period."""
        lines = self.lines.assign(who=self.lines["publisher"])
        regions = {slug: body["region"] for slug, body in self.bodies.items() if body["region"]}
        found = self._of_payees(lines, self.served, regions, self._sure(lambda slug: (slug,)), self.divided)
        dated = lines[lines["period"] != ""]
        table = read(self.package, "files")
        found |= files.line_figures(dated, self.is_complete) | files.file_figures(table) | files.layout_figures(table)
        years = set(dated[["publisher", "period"]].drop_duplicates().itertuples(index=False, name=None))
        found |= visit_figures(self.visits, years, self.bodies, visits_of(DECLARED / "measures" / "due.csv"))
        return self._rows(found, lines, {slug: body["kind"] for slug, body in self.bodies.items()}, self.neighbours)

    def breakdowns(self) -> dict[tuple[str, ...], Row]:
        """Rows of `breakdowns` by measure, body, period, breakdown and part."""
        bought = bought_of(DECLARED / "vocabulary" / "bought.csv", self.lines)
        cuts = {"bought": bought, "service": services_of(self.lines)}
        found: dict[tuple[str, ...], Row] = {}
        for cut, parts in cuts.items():
            who = self.lines["publisher"] + f"/{cut}/" + pd.Series(parts, index=self.lines.index)
            own = defaultdict(list)
            for unit in who.unique():
                own[unit.split("/")[0]].append(unit)

            def spread(of_bodies, own=own):
                return {unit: of_bodies[slug] for slug, units in own.items() if slug in of_bodies for unit in units}

            regions = {slug: body["region"] for slug, body in self.bodies.items() if body["region"]}
            lines = self.lines.assign(who=who)
            sums = self._of_payees(
                lines,
                spread(self.served),
                spread(regions),
                self._sure(lambda slug, own=own: own[slug]),
                set(spread(dict.fromkeys(self.divided))),
            )
            mark = "service: " if cut == "service" else ""
            kinds = {
                unit: f"{self.bodies[slug]['kind']}, {mark}{unit.split('/', 2)[2]}"
                for slug, units in own.items()
                for unit in units
            }
            for (measure, unit, period), row in self._rows(sums, lines, kinds, {}).items():
                slug, _, part = unit.split("/", 2)
                if cut == "bought":
                    found[measure, slug, period, cut, part] = row
                elif measure in BY_SERVICE:
                    found[measure, slug, period, cut, part] = (*row[:10], SERVICES_APART, row[11], *[None] * 7)
        return found

    def all_clusters(self) -> list[Cluster]:
        """Clusters of the bodies that have files here."""
        return clusters_of(self.bodies, set(read(self.package, "files", ["publisher"])["publisher"]), self.served)

    def clusters(self) -> dict[tuple[str, ...], Row]:
        """Rows of `cluster_figures` by measure, cluster and period; the last value is how many bodies have payments."""
        found = self.all_clusters()
        members = pd.DataFrame([(body, cluster.slug) for cluster in found for body in cluster.members],
                               columns=["publisher", "who"])  # fmt: skip
        lines = self.lines.merge(members, on="publisher")
        of_body = members.groupby("publisher")["who"].agg(list).to_dict()
        served = {cluster.slug: cluster.districts for cluster in found}
        regions = {cluster.slug: cluster.region for cluster in found if cluster.region}
        sums = self._of_payees(lines, served, regions, self._sure(lambda slug: of_body.get(slug, ())))
        rows = self._rows(sums, lines, {cluster.slug: cluster.kind for cluster in found}, {}, knows_months=False)
        bodies = lines[lines["period"] != ""].groupby(["who", "period"])["publisher"].nunique().to_dict()
        return {key: (*row, bodies[key[1:]]) for key, row in rows.items()}

    def _sure(self, units) -> dict[tuple[str, str], float]:
        """How sure links are, by whose they are and supplier; the least sure where several bodies are looked at together."""
        found: dict[tuple[str, str], float] = {}
        for publisher, supplier, sure in self.links[["publisher", "supplier_id", "confidence"]].itertuples(index=False):
            for unit in units(publisher):
                found[unit, supplier] = min(found.get((unit, supplier), 9.0), sure)
        return found

    def _of_payees(self, lines, served, regions, sure, divided=frozenset()) -> asked.Figures:
        """Measures of payees and of spending."""
        lines = lines[lines["period"] != ""]
        payees = payee_years(lines, self.ground, served, regions, self.near(served), sure, divided)
        areas = {who for who, codes in served.items() if codes}
        prices = prices_of([row for rows in self.said.get("prices", ()) for row in rows])
        return asked.payee_figures(payees, areas, self.at_hand) | asked.spending(lines, prices, "2024-25")

    def _rows(
        self, found: asked.Figures, lines, kinds, neighbours, knows_months: bool = True
    ) -> dict[tuple[str, ...], Row]:
        """Figures as they are published, with admission and ranks."""
        months = lines[lines["month"] != ""].groupby(["who", "period"])["month"].nunique().to_dict()
        refused, groups = {}, defaultdict(dict)
        for key, figure in found.items():
            measure, who, period = key
            served = int(months.get((who, period), 0))
            refused[key] = places.refused(figure, served, measure not in NEVER_RANKED)
            if not refused[key]:
                ends = (float(figure.low), float(figure.high))
                groups[measure, period, kinds[who]][who] = (ends, figure.outer if figure.outer[0] is not None else ends)
        ranks = {}
        for (measure, period, _), group in groups.items():
            for who, row in places.ranked(group, "lower" if measure in LOWER else "none", neighbours).items():
                ranks[measure, who, period] = row
        return {
            key: _row(
                figure,
                int(months.get(key[1:], 0)),
                self.is_complete and knows_months,
                refused[key],
                kinds[key[1]],
                ranks.get(key, (None,) * 7),
            )
            for key, figure in found.items()
        }


def _row(
    found: Found, months: int, is_complete: bool, refused: str, population: str, ranks: tuple[int | None, ...]
) -> Row:
    ends = [None if end is None else float(end) for end in (found.low, found.high)]
    outer = found.outer if found.unit == "share" else (None, None)
    status = "partial" if found.status == "ok" and is_complete and months < 12 else found.status
    return (*ends, *outer, found.base, found.unknown, months, months / 12 if is_complete else None, effective(found),
            status, refused, population, *ranks)  # fmt: skip
