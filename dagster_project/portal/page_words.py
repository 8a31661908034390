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

BOUGHT = {
    "goods": "Goods",
    "services": "Services",
    "works": "Works",
    "nothing bought": "Nothing bought: grants, taxes, loans",
    "not said": "What was bought is not said",
}
