"""Every type of page and one page of each, so that what must hold of all pages is tried on each type once."""

from pathlib import Path

BODY, YEAR = "northbeck", "2023-24"

#: What a page of the type is called in a report, and the page that stands for it.
PAGES = {
    "home": "",
    "find": "find/",
    "bodies": "bodies/",
    "body": f"bodies/{BODY}/",
    "body without files": "bodies/hollinmoss/",
    "national body": "bodies/department-for-ferries/",
    "year of a body": f"bodies/{BODY}/{YEAR}/",
    "services": f"bodies/{BODY}/services/",
    "payments": f"bodies/{BODY}/{YEAR}/payments/",
    "suppliers": "suppliers/",
    "suppliers by letter": "suppliers/a-z/o/",
    "supplier": "suppliers/gb-coh-zz006281/",
    "hostile supplier": "suppliers/gb-coh-zz000163/",
    "tables": "tables/",
    "league of shares": "tables/e1-stays-in-the-area/metropolitan-boroughs/",
    "league of a year": f"tables/e1-stays-in-the-area/metropolitan-boroughs/{YEAR}/",
    "league of money": "tables/spend/metropolitan-boroughs/",
    "beside others": f"bodies/{BODY}/compare/",
    "nobody to compare with": "bodies/pellhithe/compare/",
    "compare": f"compare/?b={BODY},dunmere,saltmere&m=e1,e7&y={YEAR}",
    "map": "map/",
    "map of a measure": "map/e7-small-and-medium/",
    "map with boundaries": "map/boundaries/",
    "query": "query/",
    "changes": "changes/",
    "places": "places/",
    "place": "places/area-of-beckmere-combined-authority/",
    "methods": "methods/",
    "method": "methods/e1-stays-in-the-area/",
    "data": "data/",
    "dictionary": "data/dictionary/payments/",
    "sources": "sources/",
    "about": "about/",
    "past one machine": "past-one-machine/",
    "range": "how-to-read-a-range/",
    "corrections": "corrections/",
    "contribute": "contribute/",
    "authorities": "for-authorities/",
    "accessibility": "accessibility/",
    "privacy": "privacy/",
    "takedown": "takedown/",
}
#: Parts of an address that are the same for every body or table; any other part below the first stands for a name.
FIXED = {
    "bodies": ("payments", "services", "compare"),
    "data": ("dictionary",),
    "suppliers": ("a-z",),
    "map": ("boundaries",),
}


def type_of(path: str) -> str:
    """The type of a page by its address: `bodies/northbeck/2023-24/payments/` is `bodies/*/*/payments/`."""
    first, *rest = path.partition("?")[0].split("/")
    return "/".join([first, *(part if part in (*FIXED.get(first, ()), "") else "*" for part in rest)])


def addresses(portal: Path) -> list[str]:
    """Every page of a portal that has an address of its own."""
    return sorted(path.parent.relative_to(portal).as_posix() + "/" for path in portal.rglob("index.html"))
