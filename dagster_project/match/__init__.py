"""A payee becomes a legal entity, or an honest none."""

from dagster_project.match.classes import ClassWords, bodies_by_name
from dagster_project.match.payees import PAYEE_COLUMNS, Registers, name_payees
from dagster_project.match.registers import (
    WrongLayout,
    find_register_files,
    organisations,
    postcode_areas,
    register_rows,
)

__all__ = [
    "PAYEE_COLUMNS", "ClassWords", "Registers", "WrongLayout", "bodies_by_name", "find_register_files", "name_payees",
    "organisations", "postcode_areas", "register_rows",
]  # fmt: skip
