"""One issue for each source that is broken: opened, kept up to date, and closed when it works again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

#: The label of the issues that are kept here; others are never touched.
LABEL = "source-broken"
#: A line of an issue's text by which it is found again, whatever its title.
MARK = "<!-- source: {slug} -->"
#: States for which there is an issue, of sources and of registers. A late body is shown on the portal and needs no work
#: of ours.
BROKEN = ("failed", "partial", "smaller", "other layout")

#: Runs `gh` with some arguments and gives what it printed.
Run = Callable[[Sequence[str]], str]


def issue_of(state: Mapping[str, Any]) -> tuple[str, str]:
    """Title and text of a broken source's issue; the same state gives the same text, so that nothing is edited idly."""
    since = f" since {state['since']}" if state["since"] else ""
    slug, file = state["publisher"], state.get("file", f"datapackages/sources/{state['publisher']}.yaml")
    text = [
        f"`{slug}` is **{state['state']}**{since}.",
        state["trouble"] or "",
        f"Missing: {state['missing']}." if state["missing"] else "",
        "What was had before stays in use and is labelled.",
        f"To mend it, look at its page and change `{file}`.",
        "`local-pound add-source URL` drafts a new source. This issue closes by itself when all is well again.",
        MARK.format(slug=slug),
    ]
    return f"Source {slug} is {state['state']}", "\n\n".join(part for part in text if part)


def steps(states: Iterable[Mapping[str, Any]], opened: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """
    What to tell `gh`, argument lists in order of body.

    Args:
        states: States of the last harvest: `publisher`, `state`, `since`, `trouble`, `missing`; `file`, where it is not
            a body's source.
        opened: Open issues with the label: `number`, `title`, `body`.
    """
    states = list(states)
    opened = list(opened)
    found: list[list[str]] = []
    for state in sorted(states, key=lambda one: one["publisher"]):
        mark = MARK.format(slug=state["publisher"])
        mine = [issue for issue in opened if mark in issue["body"]]
        if state["state"] not in BROKEN:
            found.extend(
                ["issue", "close", str(issue["number"]), "--comment", f"It works again: {state['state']}."]
                for issue in mine
            )
            continue
        title, body = issue_of(state)
        if not mine:
            found.append(["issue", "create", "--label", LABEL, "--title", title, "--body", body])
        elif (mine[0]["title"], mine[0]["body"].strip()) != (title, body):
            found.append(["issue", "edit", str(mine[0]["number"]), "--title", title, "--body", body])
    return found


def gh(arguments: Sequence[str]) -> str:
    """Run GitHub's own command; no shell reads what websites said."""
    done = subprocess.run(["gh", *arguments], check=True, capture_output=True, text=True)  # noqa: S603, S607
    return done.stdout


def tend(states: Iterable[Mapping[str, Any]], run: Run = gh) -> list[list[str]]:
    """Open, edit and close issues; what was done."""
    run(["label", "create", LABEL, "--force", "--description", "A body's source that gives nothing or not all"])
    opened = json.loads(run(["issue", "list", "--label", LABEL, "--limit", "1000", "--json", "number,title,body"]))
    done = steps(states, opened)
    for step in done:
        run(step)
    return done
