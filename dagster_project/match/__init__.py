"""A payee becomes a legal entity, or an honest none."""

from dagster_project.match.classes import ClassWords, EntityKind, bodies_by_name
from dagster_project.match.index import Entity, build_index
from dagster_project.match.matching import Match, MatchWords
from dagster_project.match.naming import Named, Payee, name_all
from dagster_project.match.payees import PAYEE_COLUMNS, Registers, name_payees
from dagster_project.match.persons import PersonWords
from dagster_project.match.registers import (
    WrongLayout,
    find_register_files,
    organisations,
    postcode_areas,
    register_rows,
)
from dagster_project.match.scoring import Weights

__all__ = [
    "PAYEE_COLUMNS", "ClassWords", "Entity", "EntityKind", "Match", "MatchWords", "Named", "Payee", "PersonWords",
    "Registers", "Weights", "WrongLayout", "bodies_by_name", "build_index", "find_register_files", "name_all",
    "name_payees", "organisations", "postcode_areas", "register_rows",
]  # fmt: skip
