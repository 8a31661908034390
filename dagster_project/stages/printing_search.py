"""
The search over words: written pages, bodies, services and the suppliers paid most, indexed by Pagefind.

Pagefind is given small pages made for it, not the printed ones: a heading, what the page is, and its words. Its own filters are
written in the order of a hash map, so two builds would differ; words that nobody types stand for kind and region instead.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.portal import Site, formats, words
from dagster_project.portal import page_words as said
from dagster_project.portal.suppliers import address
from dagster_project.stages.measuring import breakdown_frame
from dagster_project.stages.plan import Plan
from dagster_project.stages.printing_suppliers import PLACE, places
from dagster_project.stages.suppliers import SUPPLIERS
from dagster_project.store import Store, code_key, key_of

SEARCH = "portal_search"
#: Suppliers that the search over words knows, those paid most; all others are found by name.
SUPPLIERS_SEARCHED = 2_000
#: What of Pagefind's output the page asks for; it brings interfaces of its own, which are left out.
TAKEN = re.compile(
    r"pagefind\.js|pagefind-entry\.json|.*\.(?:pf_meta|pf_index|pf_fragment)|wasm\.(?:en|unknown)\.pagefind"
)
NOTICE = "find/words/LICENCE-pagefind.txt"
#: Below these, printed pages are indexed by their words.
WORDED = ("methods/", "data/dictionary/")


class Found(NamedTuple):
    """One page that can be found."""

    address: str
    kind: str
    region: str
    title: str
    about: str
    text: str


def has_pagefind() -> bool:
    """Whether the program is installed here."""
    return find_spec("pagefind") is not None and find_spec("pagefind_bin") is not None


def print_search(plan: Plan, site: Site, pages: Iterable[str]) -> StageRun:
    """
    Index what was printed.

    Args:
        pages: Paths of printed and written pages from the portal's root.
    """
    if not has_pagefind():
        return StageRun(SEARCH)
    found = sorted({*_worded(plan, pages), *_bodies(plan, site), *_services(plan), *_suppliers(plan, site)})
    key = key_of([code_key("stages/printing_search.py"), found])
    job = Job("search", key, found, lands=f"tables/{SEARCH}/search/current")
    return run_stage(plan.store, SEARCH, [job], index, plan.report, workers=1)


def _worded(plan: Plan, pages: Iterable[str]) -> Iterator[Found]:
    for path in pages:
        if (
            path.endswith("/index.html")
            and (path.count("/") == 1 or path.startswith(WORDED))
            and not path.startswith(APART)
        ):
            tree = etree.HTML(plan.store.read(f"{PLACE}/{path}").decode())
            for crumbs in tree.xpath("//article//nav"):
                crumbs.getparent().remove(crumbs)
            (title,) = tree.xpath("//h1")[:1]
            about = tree.xpath("string(//meta[@name='description']/@content)")
            text = " ".join(" ".join(tree.xpath("//article//text()")).split())
            yield Found(path.removesuffix("index.html"), "page", "", "".join(title.itertext()).strip(), about, text)


#: Lists of names: who looks for one finds it by name.
APART = ("find/", "bodies/", "suppliers/", "places/", "sources/")


def _bodies(plan: Plan, site: Site) -> Iterator[Found]:
    for body in plan.publishers.values():
        about = ", ".join(filter(None, (site.kind_name(body.kind), words.REGIONS.get(body.region, ""))))
        names = " ".join((words.short_name(body.name), *body.alternative_names))
        yield Found(f"bodies/{body.slug}/", "body", body.region, body.name, about, names)


def _services(plan: Plan) -> Iterator[Found]:
    frame = breakdown_frame(plan)
    own = frame[frame["breakdown"] == "service"]
    for slug, parts in own.groupby("publisher", observed=True)["part"]:
        body = plan.publishers[str(slug)]
        text = ". ".join(formats.published(part, 120) for part in sorted(set(parts)) if part)
        yield Found(
            f"bodies/{slug}/services/", "service", body.region, said.SERVICES_OF.format(name=body.name), "", text
        )


def _suppliers(plan: Plan, site: Site) -> Iterator[Found]:
    key = plan.recall(SUPPLIERS).keys["all"]
    frame = plan.store.read_frame(table_key(SUPPLIERS, "all", key, "suppliers"))
    frame = frame[frame["has_page"]]  # of no rows, a column of all would make rows again
    frame = frame.assign(pence=frame[["amount_pence", "card_amount_pence"]].max(axis=1))
    districts = places(plan)
    for row in (
        frame.sort_values(["pence", "supplier_id"], ascending=[False, True]).head(SUPPLIERS_SEARCHED).to_dict("records")
    ):
        kind = words.first_of(site.words.get("classes", []), row["payee_class"]).get("title", "")
        bodies = formats.plural(row["bodies"], "public body", "public bodies")
        about = ", ".join(
            filter(None, (kind, districts.get(row["lad_code"], ""), f"{formats.money(row['pence'])} from {bodies}"))
        )
        yield Found(address(row["supplier_id"]), "supplier", "", formats.published(row["name"], 120), about, "")


def page_of(found: Found) -> str:
    """A page as Pagefind reads it."""
    marks = f"lpkind{found.kind}" + (f" lpregion{found.region.lower()}" if found.region else "")
    title, about, text = (html.escape(part) for part in (found.title, found.about, found.text))
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>'
        f'<p data-pagefind-meta="about">{about}</p><p>{text}</p><p>{marks}</p></body></html>'
    )


def index(store: Store, job: Job) -> Summary:
    """Write the index of some pages."""
    files = []
    with tempfile.TemporaryDirectory() as folder:
        pages, out = Path(folder) / "pages", Path(folder) / "out"
        for found in map(Found._make, job.payload):
            (pages / found.address).mkdir(parents=True, exist_ok=True)
            (pages / found.address / "index.html").write_text(page_of(found), encoding="utf-8")
        command = [sys.executable, "-m", "pagefind", "--site", str(pages), "--output-path", str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        if done.returncode:
            raise RuntimeError(f"Pagefind could not index {len(job.payload)} pages: {done.stderr or done.stdout}")
        for path in sorted(out.rglob("*")):
            if path.is_file() and TAKEN.fullmatch(path.name):
                name = f"find/words/{path.relative_to(out).as_posix()}"
                store.write(f"{PLACE}/{name}", path.read_bytes())
                files.append(name)
    store.write(f"{PLACE}/{NOTICE}", LICENCE.encode())
    files.append(NOTICE)
    store.write(job.lands, job.key.encode())
    return {"files": sorted(files), "indexed": len(job.payload)}


LICENCE = """What searches the words of these pages is Pagefind, https://pagefind.app/

Copyright 2022 CloudCannon

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NON-INFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
