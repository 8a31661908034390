"""What a link promised of a file, against what the file holds: link text first, then its name, then its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagster_project.harvest.calendar import months_in
from dagster_project.model.problems import Problem


def broken_promises(archived: Mapping[str, Any], file: Mapping[str, Any]) -> list[Problem]:
    """
    Where link, name and content do not agree. The content is what counts; the disagreement is shown.

    Args:
        archived: The file's row in the manifest; only that of a harvest says `period`, `dataset`, `unsure`.
        file: Its row in `files`.
    """
    found = [
        Problem("link-disagrees", f"{sentence} Its lines were counted in the months that they state.")
        for sentence in archived.get("unsure") or ()
    ]
    if file["status"] != "read":
        return found
    promised, first, last = months_in(archived.get("period", "")), file["first_month"], file["last_month"]
    if promised and first and not (first <= promised[-1] and last >= promised[0]):
        did = f"The link says {archived['period']}; the lines are of {first} to {last} and were counted there."
        found.append(Problem("period-differs", did, field="date", value=archived["period"]))
    dataset, kinds = archived.get("dataset", ""), file["dataset_kinds"].split("|")
    if dataset and kinds != [""] and dataset not in kinds:
        did = f"The link says {dataset}; the file was read as {' and '.join(kinds)}."
        found.append(Problem("kind-differs", did, value=dataset))
    return found
