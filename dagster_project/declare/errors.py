"""What is raised when something that people edit is wrong: one exception, which says where and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class DeclarationError(ValueError):
    """
    A declared file cannot be used as it stands; the build stops here rather than guess.

    Attributes:
        path: The file.
        line: The line in it, from 1.
        what: What was found there, what was expected, and what to do.
    """

    def __init__(self, path: Path, line: int, what: str) -> None:
        super().__init__(f"`{path.as_posix()}`, line {line}: {what}")
        self.path, self.line, self.what = path, line, what

    def __reduce__(self) -> tuple[type[DeclarationError], tuple[Path, int, str]]:
        """Let it travel whole between processes."""
        return type(self), (self.path, self.line, self.what)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that names the nearest right word, with a space before it; `""` where none is near."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean `{near[0]}`?" if near else ""
