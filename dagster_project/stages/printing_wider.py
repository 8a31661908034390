"""Pages over all bodies that read more than the tables of the portal: comparisons."""

from __future__ import annotations

from dagster_project.portal import Shell, Site, SiteFrames
from dagster_project.portal.compare import compare_pages
from dagster_project.portal.pages import body_rows
from dagster_project.portal.stamp import Stamp
from dagster_project.stages.measuring import breakdown_frame
from dagster_project.stages.plan import Plan
from dagster_project.stages.witnessing import WITNESSES, neighbours_of
from dagster_project.store import code_key, key_of


def wider_key(plan: Plan) -> str:
    """A hash of what these pages read beside the tables of the portal."""
    return key_of([plan.recall(WITNESSES).keys, code_key("stages/printing_wider.py")])


def wider_pages(plan: Plan, site: Site, shell: Shell, frames: SiteFrames) -> dict[str, bytes]:
    """Path from the portal's root to bytes."""
    stamp, bodies = Stamp(site, shell), body_rows(frames, site)
    return compare_pages(stamp, frames, bodies, neighbours_of(plan), breakdown_frame(plan))
