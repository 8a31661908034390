"""
Written pages and the shell, printed by MkDocs with Material; the shell cut so that data pages can be stamped into it.

MkDocs is a printer here: finished Markdown goes in, no plugin and no hook runs. It never sees the data pages.
"""

from __future__ import annotations

import os
import re
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

from dagster_project.portal import formats, words
from dagster_project.portal.assets import write_assets, write_engines, write_fonts
from dagster_project.portal.site import Shell, Site
from dagster_project.portal.stamp import BASE, CONTENT, HEAD

#: How a shell page, printed two folders deep, leads up to the root.
UP = "../../"
#: Anchor of every page's heading: where the theme's link "Skip to content" leads.
START = "content"
#: Parts of the theme's own drawer, search and dialogue, which these pages do not have; switches without names trip readers.
SWITCHES = re.compile(
    r'<input class="md-toggle"[^>]*>|<label class="md-overlay"[^>]*></label>| data-md-component="[^"]*"'
    r'|<div class="md-dialog"[^>]*>\s*<div class="md-dialog__inner[^>]*></div>\s*</div>'
)


class ShellError(RuntimeError):
    """The printed shell is not what can be stamped into: a mark is missing or doubled, or it carries inline code."""


def print_shell(source: Path, work: Path, out: Path, site: Site, packages: Path | None = None) -> Shell:
    """
    Print the written pages into `out` and return the shell.

    Args:
        source: The folder `site`; `mkdocs.yml` lies beside it.
        work: Where finished Markdown goes; emptied first. MkDocs' own output goes beside it and is not kept.
        out: The portal. What is there stays, but for what is printed here.
        site: What is the same on every page.
        packages: `node_modules` with the fonts; without it, pages use the reader's own.

    Raises:
        ShellError: the shell cannot be cut.
    """
    faces, preload = write_fonts(out / "assets", packages)
    shutil.rmtree(work, ignore_errors=True)
    printed_into = work.with_name(work.name + "-printed")
    config = _configure(source.parent / "mkdocs.yml", work, printed_into, site, preload)
    sections = [next(iter(item)) for item in config["nav"]]
    _finish_pages(source / "pages", work, site, config["extra"])
    _write_shells(work / "_shell", sections)
    printed = _print(config, printed_into)
    templates = {path.name: path.read_text(encoding="utf-8") for path in sorted((source / "templates").glob("*.html"))}
    used = "\n".join(
        (
            *printed.values(),
            *templates.values(),
            *(path.read_text(encoding="utf-8") for path in sorted((source / "assets").glob("*.js"))),
        )
    )
    names = write_assets(source, out / "assets", faces, used) | write_engines(out / "assets", packages)
    for path, text in printed.items():
        for plain, hashed in names.items():
            text = text.replace(f"assets/{plain}", f"assets/{hashed}")  # noqa: PLW2901
        printed[path] = tidy(text)
    for plain, hashed in names.items():
        templates = {path: text.replace(f"assets/{plain}", f"assets/{hashed}") for path, text in templates.items()}
    written = [path for path in printed if not path.startswith("_shell/")]
    for path in written:
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(printed[path], encoding="utf-8")
    (out / ".nojekyll").write_bytes(b"")
    pages = {name: cut(printed[f"_shell/{number}/index.html"], name) for number, name in enumerate(sections)}
    key = sha256("\x1f".join([*pages.values(), *templates, *templates.values()]).encode()).hexdigest()
    return Shell(pages, templates, tuple(sorted(path.removesuffix("index.html") for path in written)), key)


def cut(page: str, section: str) -> str:
    """
    A printed shell page, ready to be stamped into: links lead up by a mark instead of by its own depth.

    Raises:
        ShellError: a mark is not there exactly once, or the theme brought inline code back.
    """
    for mark in (HEAD, CONTENT):
        if page.count(mark) != 1:
            raise ShellError(
                f"shell '{section}': {mark} occurs {page.count(mark)} times; expected once. See site/overrides"
            )
    if BASE in page:
        raise ShellError(f"shell '{section}': holds the mark of its base already")
    if found := inline_code(page):
        raise ShellError(f"shell '{section}': {found}; the content security policy forbids it. See site/overrides")
    leads = re.compile(rf'((?:href|src|action)=")(?:{re.escape(UP)}|\.\./\.\.(?="))')
    marked = leads.sub(rf"\g<1>{BASE}", page)
    if left := re.search(r'(?:href|src|action)="(\.[^"]*|/[^"]*)"', marked):
        raise ShellError(f"shell '{section}': '{left[1]}' does not lead from the root")
    return marked


def inline_code(page: str) -> str:
    """What of a page the policy would refuse: `""` where there is nothing."""
    for pattern, what in (
        (r"<script(?![^>]*\bsrc=)[^>]*>", "an inline script"),
        (r"<style\b", "an inline style sheet"),
        (r"<[a-z][^>]*\sstyle=", "a style attribute"),
        (r"<[a-z][^>]*\son[a-z]+=", "an event attribute"),
        (r"(?:href|src|action)=[\"']\s*javascript:", "a javascript address"),
    ):
        if re.search(pattern, page, re.IGNORECASE):
            return what
    return ""


def tidy(page: str) -> str:
    """A page without the theme's switches, blank lines and indentation: they weigh on every copy. `pre` stays as it is."""
    parts = re.split(r"(<pre\b.*?</pre>)", SWITCHES.sub("", page), flags=re.DOTALL)
    parts[::2] = [re.sub(r"\s*\n\s*", "\n", part) for part in parts[::2]]
    return "".join(parts).lstrip()


def _configure(file: Path, work: Path, printed_into: Path, site: Site, preload: tuple[str, ...]) -> Any:
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    from mkdocs.config import load_config  # slow, and needed by no page that is stamped

    work.mkdir(parents=True)
    config = load_config(config_file=str(file), docs_dir=str(work), site_dir=str(printed_into), strict=True)
    config["extra"].update(
        address=site.address,
        stylesheet="assets/lp.css",
        boot="assets/boot.js",
        script="assets/lp.js",
        preload=list(preload),
        banner=banner(site),
        licence=words.LICENCE,
        released=released(site),
    )
    return config


def banner(site: Site) -> tuple[str, str]:
    """What stands above every page: two sentences, or two blanks for a harvest of everything."""
    if site.origin == "folder" and site.is_complete:
        return words.BANNER_COMPLETE_FOLDER
    return words.BANNERS.get(site.origin, ("", ""))


def released(site: Site) -> str:
    """Which release this is, for the foot of every page."""
    return words.RELEASE.format(day=formats.day(site.release)) if site.release else words.NO_RELEASE


def _finish_pages(pages: Path, work: Path, site: Site, extra: dict[str, str]) -> None:
    """Copy the written pages, their few facts filled in."""
    facts = {
        "contact": words.CONTACT.format(contact=extra["contact"]) if extra.get("contact") else words.NO_CONTACT,
        "issues": words.ISSUES.format(issues=extra["issues"]) if extra.get("issues") else "",
        "release": released(site),
        "origin": words.ORIGINS[site.origin],
    }
    for path in sorted(pages.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\[\[(\w+)\]\]", lambda m: facts[m[1]], text)
        text = re.sub(r"^(# .*)$", rf"\1 {{#{START}}}", text, count=1, flags=re.MULTILINE)
        (work / path.name).write_text(text, encoding="utf-8")


def _write_shells(folder: Path, sections: list[str]) -> None:
    folder.mkdir(parents=True)
    for number, section in enumerate(sections):
        (folder / f"{number}.md").write_text(
            f"---\nshell: true\nsection: {section}\n---\n# {section} {{#{START}}}\n", encoding="utf-8"
        )


def _print(config: Any, printed_into: Path) -> dict[str, str]:
    """Run MkDocs; every page it printed, by its path. The theme's own files, map and search are not taken over."""
    from mkdocs.commands.build import build  # as above

    build(config)
    printed = {
        path.relative_to(printed_into).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(printed_into.rglob("index.html"))
    }
    shutil.rmtree(printed_into)
    return printed
