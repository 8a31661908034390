"""The public bodies of the sample, and what the generator must know of each. None of them exists."""

from __future__ import annotations

from dataclasses import dataclass

HEADINGS = ("slug", "name", "kind", "lad_code", "region", "start", "end", "successor", "org_id", "website",
            "wikidata", "alternative_names", "areas_served")  # fmt: skip


@dataclass(frozen=True)
class Body:
    """
    One public body.

    Attributes:
        town: Name of its place in `world.PLACES`, from where local suppliers are drawn.
        lines: Payment lines in an ordinary month.
        local, redacted: Shares of lines paid to suppliers of its own place, and with the payee withheld.
        withheld: Wordings of its redactions.
        trades: Names of trades that it buys from; empty for all.
        scale: Amounts are multiplied by this, and are at least `least` pence.
    """

    slug: str
    name: str
    kind: str
    lad_code: str
    region: str
    start: str
    end: str = ""
    successor: str = ""
    alternative_names: str = ""
    areas_served: str = ""
    town: str = ""
    lines: int = 0
    local: float = 0.3
    redacted: float = 0.05
    withheld: tuple[str, ...] = ("REDACTED",)
    trades: tuple[str, ...] = ()
    scale: int = 1
    least: int = 0
    prefix: str = "5100"

    def row(self, number: int) -> list[str]:
        """The row of `publishers.csv`."""
        lists = {"department": "GOR", "agency": "GOR", "nhs_trust": "NHS", "nhs_commissioner": "NHS"}
        org_id = f"GB-{lists.get(self.kind, 'LAE')}-ZZ{number:02d}"
        website = f"https://www.{self.slug}.invalid/"
        first = [self.slug, self.name, self.kind, self.lad_code, self.region, self.start, self.end, self.successor]
        return [*first, org_id, website, "", self.alternative_names, self.areas_served]


METROPOLITAN = "E08999001|E08999002|E08999003|E08999004|E08999005"
HEALTH = ("medical", "care", "homecare", "agency", "it", "cleaning", "energy", "building", "catering", "voluntary")
CENTRAL = ("it", "advice", "agency", "building", "roads", "legal", "security", "media", "training", "energy")
BLUE_LIGHT = ("vehicles", "it", "training", "security", "cleaning", "building", "energy", "legal", "agency", "catering")

BODIES = (
    Body("northbeck", "Northbeck Metropolitan Borough Council", "metropolitan_district", "E08999001",
         "TLX", "1974-04-01", alternative_names="Northbeck MBC|Northbeck Council", town="Northbeck",
         lines=95, local=0.46, redacted=0.05,
         withheld=("REDACTED PERSONAL DATA", "REDACTED COMMERCIAL CONFIDENTIALITY"), prefix="5100"),
    Body("saltmere", "Saltmere City Council", "metropolitan_district", "E08999002", "TLX", "1974-04-01",
         alternative_names="Saltmere CC|City of Saltmere", town="Saltmere", lines=85, local=0.30,
         redacted=0.09, withheld=("Redacted - Personal Data", "****REDACTED PERSONAL INFO****"),
         prefix="SLT"),
    Body("dunmere", "Dunmere Metropolitan Borough Council", "metropolitan_district", "E08999003", "TLX",
         "1974-04-01", alternative_names="Dunmere MBC", town="Dunmere", lines=80, local=0.22,
         redacted=0.14, withheld=("REDACT PERSONAL INFORMATION", "PERSONAL DETAILS REDACTED"),
         prefix="30"),
    Body("kelderby", "Kelderby Borough Council", "metropolitan_district", "E08999004", "TLX", "1974-04-01",
         alternative_names="Kelderby MBC|Metropolitan Borough of Kelderby", town="Kelderby", lines=75,
         local=0.38, redacted=0.03, withheld=("Redacted", "Name Withheld"), prefix="K-"),
    Body("oxenhythe", "Oxenhythe Metropolitan District Council", "metropolitan_district", "E08999005",
         "TLX", "1974-04-01", alternative_names="Oxenhythe MDC", town="Oxenhythe", lines=75, local=0.26,
         redacted=0.06, withheld=("Redacted Data", "REDACTED UNDER DP ACT"), prefix="INV"),
    Body("fenholt", "Fenholt District Council", "district", "E07999001", "TLX", "1974-04-01", "2023-03-31",
         "ashwold", areas_served="E06999001", town="Ashwold", lines=30, local=0.35, redacted=0.04,
         withheld=("Redacted",), prefix="F"),
    Body("ashwold", "Ashwold Council", "unitary", "E06999001", "TLX", "2023-04-01",
         alternative_names="Ashwold Unitary Authority", town="Ashwold", lines=80, local=0.33,
         redacted=0.07, withheld=("\u201cPersonal Information Redacted\u201d", "REDACTED"), prefix="ASH"),
    Body("hollinmoss", "Hollinmoss District Council", "district", "E07999002", "TLX", "1974-04-01",
         town="Hollinmoss"),
    Body("marrowshire", "Marrowshire County Council", "county", "E10999001", "TLX", "1974-04-01",
         alternative_names="Marrowshire CC", areas_served="E07999002|E07999003", town="Tarnwick", lines=55,
         local=0.28, redacted=0.12, withheld=("Personal redaction", "Commercial redaction"), prefix="M00"),
    Body("pellhithe", "London Borough of Pellhithe", "london_borough", "E09999001", "TLY", "1965-04-01",
         alternative_names="Pellhithe Council|LB Pellhithe", town="Pellhithe", lines=50, local=0.24,
         redacted=0.18, withheld=("REDACTED PERSONAL DATA", "*****"), prefix="PH"),
    Body("beckmere-combined-authority", "Beckmere Combined Authority", "combined_authority", "E47999001",
         "TLX", "2016-04-01", alternative_names="BCA", areas_served=METROPOLITAN, town="Saltmere",
         lines=28, local=0.25, redacted=0.01, withheld=("Redacted",),
         trades=("bus", "roads", "advice", "it", "building", "media", "training"), scale=6),
    Body("beckmere-pcc", "Police and Crime Commissioner for Beckmere", "police", "E23999001", "TLX",
         "2012-11-22", alternative_names="Beckmere PCC|Beckmere Police", areas_served=METROPOLITAN,
         town="Northbeck", lines=30, local=0.2, redacted=0.15,
         withheld=("THIRD PARTY SUPPLIER", "Redacted - Operational"), trades=BLUE_LIGHT, scale=2,
         prefix="PO"),
    Body("marrowshire-fire", "Marrowshire Fire and Rescue Authority", "fire", "E31999001", "TLX",
         "2004-10-01", areas_served="E06999001|E07999002|E07999003", town="Hollinmoss", lines=24,
         local=0.2, redacted=0.02, withheld=("Redacted",), trades=BLUE_LIGHT, prefix="24"),
    Body("tarn-fells-national-park", "Tarn Fells National Park Authority", "national_park", "E26999001",
         "TLX", "1997-04-01", areas_served="E07999003|E06999001", town="Tarnwick", lines=12, local=0.5,
         redacted=0.02, withheld=("Withheld - personal",),
         trades=("grounds", "building", "printing", "media", "vehicles", "advice", "voluntary", "it"),
         prefix="TF"),
    Body("department-for-ferries", "Department for Ferries and Footbridges", "department", "", "",
         "2010-05-12", alternative_names="DFF", lines=30, local=0.0, redacted=0.02,
         withheld=("Redacted - Commercial in confidence",), trades=CENTRAL, scale=40, least=2_500_001,
         prefix="17000"),
    Body("lantern-inspectorate", "Lantern Inspectorate", "agency", "", "", "2011-04-01", lines=9,
         local=0.0, redacted=0.01, withheld=("Name withheld",), trades=CENTRAL, scale=20, least=2_500_001,
         prefix="LI"),
    Body("northbeck-infirmary", "Northbeck Royal Infirmary NHS Foundation Trust", "nhs_trust", "", "TLX",
         "2008-02-01", alternative_names="Northbeck Infirmary", areas_served="E08999001", town="Northbeck",
         lines=18, local=0.1, redacted=0.02, withheld=("Redacted - patient",), trades=HEALTH, scale=25,
         least=2_500_001, prefix="2200"),
    Body("nhs-beckmere-icb", "NHS Beckmere Integrated Care Board", "nhs_commissioner", "", "TLX",
         "2022-07-01", areas_served=METROPOLITAN, town="Dunmere", lines=18, local=0.15, redacted=0.03,
         withheld=("Personal Health Budget - redacted",), trades=HEALTH, scale=30, least=2_500_001,
         prefix="ICB"),
)  # fmt: skip
