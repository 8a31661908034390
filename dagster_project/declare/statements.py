"""What public bodies say about their figures: shown in full and unchanged, beside them."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

from pydantic import field_validator, model_validator

from dagster_project.declare.errors import DeclarationError
from dagster_project.declare.strict import Declared, load_folder


class Statement(Declared):
    """
    A body's statement, or that it was asked for one.

    Attributes:
        publisher: Slug of the body; the file's name.
        asked: Day on which it was asked; `""` where nobody asked.
        said: What it says, whole; paragraphs are parted by blank lines. `""` while it has not replied.
        by: Who says it, such as an office.
        when: Day of the statement.
        address: Where it stands on the body's own website, `""` where it does not.
    """

    publisher: str
    asked: str = ""
    said: str = ""
    by: str = ""
    when: str = ""
    address: str = ""

    @field_validator("asked", "when")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        if value and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError(f"is '{value}'; expected a day, YYYY-MM-DD, in quotes")
        return value

    @model_validator(mode="after")
    def _is_whole(self) -> Statement:
        if self.said.strip() and not (self.by and self.when):
            raise ValueError("a statement needs `by` and `when`: who says it, and on which day")
        if not self.said.strip() and not self.asked:
            raise ValueError("give `said`, or `asked` where the body was asked and has not replied")
        return self

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The statement as it is printed."""
        return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", self.said.strip()) if part.strip())


def load_statements(folder: Path, publishers: Container[str]) -> dict[str, Statement]:
    """
    Every statement of a folder, by slug; none where there is no folder.

    Raises:
        DeclarationError: a file is wrong, or names no body of the spine.
    """
    found = {one.publisher: one for one in load_folder(Statement, folder, "publisher")}
    for slug in found:
        if slug not in publishers:
            raise DeclarationError(folder / f"{slug}.yaml", 1, f"`{slug}` is no body of publishers.csv")
    return found
