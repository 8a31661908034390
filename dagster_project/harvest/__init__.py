"""Where published files come from."""

from dagster_project.harvest.folder import (
    FoundFile,
    NotASource,
    extending_publishers,
    found_files,
    says_complete,
)

__all__ = ["FoundFile", "NotASource", "extending_publishers", "found_files", "says_complete"]
