"""
One cell against its column's schema, as the Table Schema standard and frictionless read it.

Slow and exact: `checking` asks here only about cells that its query could not plainly accept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

TRUE, FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
#: What would change how a cell is read, and is not read here.
FOREIGN = ("format", "bareNumber", "decimalChar", "groupChar", "floatNumber", "trueValues", "falseValues", "categories")


def _integer(cell: str) -> int | None:
    try:
        return int(cell.strip())
    except ValueError:
        return None


def _number(cell: str) -> Decimal | None:
    try:
        return Decimal(cell.strip())
    except InvalidOperation:
        return None


def _boolean(cell: str) -> bool | None:
    return True if cell in TRUE else False if cell in FALSE else None


def _date(cell: str) -> Any:
    try:
        return datetime.strptime(cell, "%Y-%m-%d").date()
    except ValueError:
        return None


def _string(cell: str) -> str:
    return cell


READERS: dict[str, Callable[[str], Any]] = {
    "string": _string, "integer": _integer, "number": _number, "boolean": _boolean, "date": _date,
}  # fmt: skip


def _at_least(value: Any, bound: Any) -> bool:
    return bool(value == value and value >= bound)  # noqa: PLR0124 -- not a number is not equal to itself


def _at_most(value: Any, bound: Any) -> bool:
    return bool(value == value and value <= bound)  # noqa: PLR0124


#: What a value that is there must hold, by the name of the constraint; bounds are read as the column's values are.
HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": _at_least,
    "maximum": _at_most,
    "minLength": lambda value, bound: len(value) >= bound,
    "maxLength": lambda value, bound: len(value) <= bound,
    "pattern": lambda value, pattern: re.match(f"^{pattern}$", value) is not None,
    "enum": lambda value, known: value in known,
}


class Column:
    """
    A column of a Table Schema, ready to judge its cells.

    Attributes:
        missing: Cells that hold no value.
        constraints: Names to bounds, `required` left out.

    Raises:
        ValueError: the schema asks for what is not checked here; the message names column and constraint.
    """

    def __init__(self, field: Mapping[str, Any], missing: Any) -> None:
        self.name, self.type = str(field["name"]), str(field["type"])
        foreign = [key for key in FOREIGN if key in field]
        if self.type not in READERS or foreign:
            raise ValueError(f"column '{self.name}': not checked: type '{self.type}' {' '.join(foreign)}".strip())
        marks = field.get("missingValues", missing)
        self.missing = tuple(mark["value"] if isinstance(mark, Mapping) else mark for mark in marks)
        if "" not in self.missing:
            raise ValueError(f"column '{self.name}': not checked: an empty cell that is a value")
        said = dict(field.get("constraints", {}))
        self.required = bool(said.pop("required", False))
        if unknown := sorted(set(said) - set(HOLDS)):
            raise ValueError(f"column '{self.name}': constraint '{unknown[0]}' is not checked")
        if "pattern" in said:
            _refuse_ambiguous(self.name, said["pattern"])
        self.constraints: dict[str, Any] = {name: self._bound(name, value) for name, value in said.items()}

    def _bound(self, name: str, value: Any) -> Any:
        if name in ("minimum", "maximum"):
            return READERS[self.type](str(value))
        return [READERS[self.type](str(known)) for known in value] if name == "enum" else value

    def read(self, cell: str | None) -> Any:
        """The cell's value; None where it holds none or cannot be read."""
        return None if cell is None or cell in self.missing else READERS[self.type](cell)

    def judge(self, cell: str | None) -> list[tuple[str, str]]:
        """Error type and constraint of what is wrong with a cell: `("constraint-error", "minimum")`."""
        if cell is None or cell in self.missing:
            return [("constraint-error", "required")] if self.required else []
        value = READERS[self.type](cell)
        if value is None:
            return [("type-error", "")]
        return [("constraint-error", name) for name, bound in self.constraints.items() if not HOLDS[name](value, bound)]


def _refuse_ambiguous(column: str, pattern: str) -> None:
    """Patterns that engines read differently: alternatives outside brackets, anchors, classes of letters, look-arounds."""
    depth = 0
    for sign in re.sub(r"\\.|\[\^?[^\]]*\]", "", pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            raise ValueError(f"column '{column}': pattern '{pattern}': put alternatives in brackets")
    if re.search(r"\\[A-Za-z0-9]|\(\?|\$|(?<!\[)\^", pattern):
        raise ValueError(f"column '{column}': pattern '{pattern}': say [0-9] for \\d, and no anchors or look-arounds")
