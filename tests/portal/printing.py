"""Print the whole invented portal into a folder: what callers of the room do."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from dagster_project.portal import Shell, Site, SiteFrames, body_pages, print_shell, site_pages
from dagster_project.portal.changes import change_page
from dagster_project.portal.compare import compare_pages
from dagster_project.portal.hexmap import map_pages
from dagster_project.portal.pages import body_rows
from dagster_project.portal.query import query_page
from dagster_project.portal.stamp import Stamp
from tests.portal import invented


def more_pages(site: Site, shell: Shell, frames: SiteFrames) -> dict[str, bytes]:
    """Pages that read more than the tables of the portal; none of that more is at hand here."""
    stamp, bodies = Stamp(site, shell), body_rows(frames, site)
    return (
        compare_pages(stamp, frames, bodies, {}, pd.DataFrame())
        | map_pages(stamp, frames, bodies, invented.CELLS)
        | query_page(stamp, frames, bodies)
        | change_page(stamp, frames, bodies, None)
    )


def print_portal(out: Path, work: Path, site: Site, packages: Path | None = None) -> Shell:
    """Shell, bodies, everything else, and the files that downloads name."""
    shell = print_shell(invented.HOUSE / "site", work, out, site, packages)
    frames = invented.site_frames()
    pages: dict[str, bytes] = {}
    for body in invented.publishers().to_dict("records"):
        own = invented.body_frames(body["slug"])
        pages |= body_pages(site, shell, body, own)
        for download in own.downloads:
            pages[download["href"]] = b"payment_id\n"
    pages |= site_pages(site, shell, frames, more_pages(site, shell, frames), list(pages))
    for download in frames.downloads:
        pages[download["href"]] = b"figure_id\n"
    for path, data in pages.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)
    return shell
