"""What the pages of comparison, map, query and changes say: strings in one place, so that another language can follow."""

from __future__ import annotations

COMPARE_TITLE = "Compare public bodies"
COMPARE_ABOUT = "Public bodies beside each other: higher, lower, or not to be told apart, measure by measure."
BESIDE_TITLE = "{name} beside {others}"
BESIDE_ABOUT = "Whether {name} is higher, lower or not to be told apart from bodies like it, measure by measure."

HIGHER, LOWER, SAME = "higher", "lower", "cannot tell apart"
NOT_COMPARED = "not compared"
WHY_MONTHS = "Months are missing, so amounts of money are not compared."
NO_FIGURE = "no figure for {year}"

#: How the peers of a comparison were chosen.
CHOSEN = {
    "near": "The nearest bodies of its kind in population, density, deprivation and rurality of which we have figures.",
    "kind": "Bodies of the same kind that published most nearly as much. Public statistics about places, by which "
    "likeness would be judged, are not at hand in this copy.",
}
NOBODY = "We have figures of no other {noun} for {year}, so there is nobody to compare {name} with."

LEAD_NONE = "None of them can be told apart from {name} by how much stays local."
LEAD_UNKNOWN = "How much stays local is not known well enough to tell {name} from the others."
LEAD_HIGHER = "{names} surely {keep} more of {their} spending local than {name}."
LEAD_LOWER = "{names} surely {keep} less."
LEAD_REST = "{names} cannot be told apart from it."

#: Names to decide about, by what they hold of a share's range.
MATCHES_SOME = "{names} {hold} at least {points} of the {width} of doubt"
MATCHES_ALL = "{names} {hold} all of the doubt, {width}"
MATCHES_PLAIN = "{names} that would tell most"
MATCHES_NONE = "Every supplier is placed"
MATCHES_NOTHING, MATCHES_HARDLY = "none", "under 0.1 points"

BOUGHT = {
    "goods": "Goods",
    "services": "Services",
    "works": "Works",
    "nothing bought": "Nothing bought: grants, taxes, loans",
    "not said": "What was bought is not said",
}

MAP_TITLE = "Map: {measure}"
MAP_ABOUT = "{question} One hexagon a council, with what nobody can tell drawn as such."
MAP_NONE = "No council here has a place on the map, so here is the table alone."
MAP_HALF = "{many} of {of} councils surely {keep} at least half, and for {unsure} nobody can tell"
MAP_PLAIN = "{measure}: {many} of {of} councils have a figure that can be shaded"
SHOWN = {"hatch": "too uncertain to shade", "none": "nothing published that can be read"}
MAP_ALT = "A map with one hexagon for each of {of} councils. {parts}."
MAP_ALT_BOUNDARIES = "A map with the boundaries of {of} councils, each where it lies. {parts}."
MAP_ABOUT_BOUNDARIES = "{question} Each council within its boundaries, with what nobody can tell drawn as such."
#: The two ways to draw the councils: name, address and what a shape stands for.
MAP_HEXAGONS = ("Hexagons", "map/", "One hexagon is one council, near where it lies; all are of one size.")
MAP_BOUNDARIES = (
    "Boundaries",
    "map/boundaries/",
    "Each council is drawn where it lies. Large ones stand out, however few people live there.",
)
MAP_INSET = "London"
MAP_INVENTED = "invented for the sample, as all places here."

SERVICES_OF = "What the money of {name} was for"
#: What the search over words can be narrowed to: its mark in the index, and what a reader chooses.
SEARCHED = (("page", "How it works"), ("body", "Public bodies"), ("service", "Services"), ("supplier", "Suppliers"))

QUERY_TITLE = "Ask your own question"
QUERY_ABOUT = "Ask the published tables in SQL, in your browser; nothing is sent anywhere."
QUERY_WHO = "Whom did {name} pay most?"
QUERY_MONTHS = "How much did {name} pay, month by month?"
QUERY_SHARED = "Which suppliers are paid by most public bodies?"
QUERY_SURE = "Where do we know most exactly how much stays local?"

CHANGES_TITLE = "What moved since the last release"
CHANGES_ABOUT = "Every figure that says something else than in the last release, and payments that are new or gone."

#: The feed of releases.
FEED_TITLE = "{site}: releases"
FEED_ENTRY = "Data package {version}, files retrieved up to {day}"
FEED_MOVED = "{moved} something else than in data package {before}; {new} new, {gone} gone. Bodies whose payments differ: {bodies}."
FEED_FIRST = "There is no earlier release to compare with."

#: What became of the newest edition of a register: name, and whether an older one is in use for want of it.
REGISTERS = {
    "failed": ("Could not be had", True),
    "other layout": ("Laid out otherwise", True),
    "smaller": ("Much smaller", True),
    "not asked": ("Not asked this time", True),
    "new": ("New edition", False),
    "unchanged": ("Newest edition in use", False),
    "by hand": ("Given by hand", False),
}

#: How the last visit to a website went: name, and what it means.
VISITS = {
    "failed": ("Failed", "Nothing could be had this time; what we hold is from before."),
    "partial": ("In part", "Some of it could not be had this time."),
    "late": ("Late", "A file that is due is not there."),
    "unchanged": ("Nothing new", "All of it was there, and all of it we had."),
    "ok": ("New files", "All of it was there, and some of it was new."),
}
