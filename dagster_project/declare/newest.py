"""Where the newest edition of a register is had, as far as anything shows it."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator, model_validator

from dagster_project.declare.sources import MONTH, SHA256, address_of, expression, is_day, seconds, template
from dagster_project.declare.strict import Declared


class Newest(Declared):
    """
    Where the newest edition of a register is had.

    Attributes:
        kind: `listed`, the addresses themselves, which together are one edition; `pattern`, an address that follows the
            calendar; `links`, a page that leads to it.
        url: The page, or the address with places in braces (`declare/sources.py`).
        files: Addresses of `listed`.
        link: Which links of the page count: a regular expression over text and address; the newest of them is had.
        first: Of a `pattern` whose periods are parts of one edition: the first month. Without it, the newest alone.
        delay: Seconds between two requests, where the website asks for more than our own.
        accepted: SHA-256 of files that are smaller than those before and that a person looked over all the same.
        evidence: What shows that this is so.
        verified: Day of the run that proved it, or `never`.
    """

    kind: Literal["listed", "pattern", "links"]
    url: str = ""
    files: tuple[str, ...] = ()
    link: str = ""
    first: str = ""
    delay: str = ""
    accepted: tuple[str, ...] = ()
    evidence: str
    verified: str

    _is_expression = field_validator("link")(expression)
    _is_day = field_validator("verified")(is_day)
    _is_seconds = field_validator("delay")(seconds)

    @field_validator("accepted")
    @classmethod
    def _are_hashes(cls, hashes: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [one for one in hashes if not SHA256.fullmatch(one)]:
            raise ValueError(f"'{wrong[0]}' is no SHA-256; it has 64 hex digits")
        return hashes

    @model_validator(mode="after")
    def _is_whole(self) -> Newest:
        if (self.kind == "listed") != bool(self.files) or (self.kind == "listed") == bool(self.url):
            raise ValueError("`listed` has `files` and no `url`; the other kinds have a `url` and no `files`")
        if (self.kind == "links") != bool(self.link):
            raise ValueError("`link` belongs to `kind: links`: which links of the page count")
        if self.first and (self.kind != "pattern" or not MONTH.fullmatch(self.first)):
            raise ValueError("`first` belongs to `kind: pattern`, and is a month such as 2019-04")
        for url in self.files:
            address_of(url)
        if self.url:
            (template if self.kind == "pattern" else address_of)(self.url)
        return self
