"""A payee becomes a legal entity, or an honest none."""

from dagster_project.match.classes import ClassWords, EntityKind, bodies_by_name
from dagster_project.match.decisions import (
    DecisionsDisagree,
    decided,
    decided_match,
    decision_on,
    decision_on_body,
    known_as,
)
from dagster_project.match.hidden import hidden_frame, hide, scoreboard
from dagster_project.match.index import INDEX_TABLES, Entity, build_index, narrow_index
from dagster_project.match.matching import Body, Match, MatchWords, match_names
from dagster_project.match.naming import Named, Payee, is_looked_up, name_all
from dagster_project.match.numbers import bodies_by_id, match_numbers, printed_ids
from dagster_project.match.payees import PAYEE_COLUMNS, Registers, name_payees
from dagster_project.match.persons import PersonWords
from dagster_project.match.readings import readings_of
from dagster_project.match.registers import (
    WrongLayout,
    check_layouts,
    find_register_files,
    organisations,
    postcode_areas,
    register_rows,
)
from dagster_project.match.scoring import Weights
from dagster_project.match.times import Paid

__all__ = ["INDEX_TABLES", "PAYEE_COLUMNS", "Body", "ClassWords", "DecisionsDisagree", "Entity", "EntityKind", "Match", "MatchWords", "Named", "Paid", "Payee", "PersonWords", "Registers", "Weights", "WrongLayout", "bodies_by_id", "bodies_by_name", "build_index", "check_layouts", "decided", "decided_match", "decision_on", "decision_on_body", "find_register_files", "hidden_frame", "hide", "is_looked_up", "known_as", "match_names", "match_numbers", "name_all", "name_payees", "narrow_index", "organisations", "postcode_areas", "printed_ids", "readings_of", "register_rows", "scoreboard"]  # fmt: skip
