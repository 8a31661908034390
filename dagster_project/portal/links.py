"""Every address on every page leads somewhere: pages, files and anchors, checked over what was really printed."""

from __future__ import annotations

import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree

#: What leaves the portal, or is no address of a page.
_ELSEWHERE = ("http://", "https://", "mailto:", "data:", "tel:")


class _Page:
    """Addresses and anchors of one page."""

    __slots__ = ("anchors", "canonical", "links", "twins")

    def __init__(self, html: str) -> None:
        tree = etree.HTML(html)
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.twins: set[str] = set()
        self.canonical = ""
        if tree is None:
            return
        self.canonical = str(next(iter(tree.xpath("//link[@rel='canonical']/@href")), ""))
        for value in tree.xpath("//@href | //@src | //@action"):
            self.links.add(str(value))
        for value in tree.xpath("//@id"):
            (self.twins if value in self.anchors else self.anchors).add(str(value))


def check_links(out: Path) -> list[str]:
    """
    Sentences about every address that leads nowhere, page and target named; none where all is well.

    Also named: an anchor that stands twice on a page, a page in the site map that is not there, and a page whose
    canonical address is not its own in the site map.
    """
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    pages = {name: _Page((out / name).read_text(encoding="utf-8")) for name in sorted(files) if name.endswith(".html")}
    wrong: list[str] = []
    for name, page in pages.items():
        wrong += [f"{name}: the anchor '{twin}' stands twice" for twin in sorted(page.twins)]
        for link in sorted(page.links):
            fault = _fault(name, link, files, pages)
            if fault:
                wrong.append(f"{name}: '{link}' {fault}")
    return wrong + _wrong_in_sitemap(out, files, pages)


def _fault(name: str, link: str, files: set[str], pages: dict[str, _Page]) -> str:
    """What is wrong with an address on a page, `""` for nothing."""
    if link.startswith(_ELSEWHERE):
        return ""
    if link.lower().startswith("javascript:"):
        return "is a script"
    parts = urlsplit(link)
    path = unquote(parts.path)
    if path.startswith("/"):
        if name != "404.html":
            return "starts at the root of the host; the portal must work in a subfolder"
        target = _from_root(path, pages[name], files)
    elif path:
        whole = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        target = _within(whole, path.endswith(("/", ".")), files)
    else:
        target = name
    if target is None:
        return "leads nowhere"
    if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
        return f"names an anchor that {target} does not have"
    return ""


def _within(path: str, is_folder: bool, files: set[str]) -> str | None:
    """The file that an address from the root means, or `None`."""
    if path.startswith(".."):
        return None
    path = "" if path == "." else path
    if is_folder or path == "":
        index = f"{path}/index.html".lstrip("/")
        return index if index in files else None
    return path if path in files else None


def _from_root(path: str, page: _Page, files: set[str]) -> str | None:
    """An absolute address of the 404 page; the shortest one on it is the portal's root, in whatever subfolder."""
    root = min((link for link in page.links if link.startswith("/")), key=len)
    return (
        _within(path.removeprefix(root).rstrip("/") or ".", path.endswith("/"), files)
        if path.startswith(root)
        else None
    )


def _wrong_in_sitemap(out: Path, files: set[str], pages: dict[str, _Page]) -> list[str]:
    """Pages that the site map names and that are not there, or that call another address their own."""
    wrong: list[str] = []
    named: dict[str, str] = {}
    for path in sorted(out.glob("sitemap*.xml")):
        addresses = [str(node.text) for node in etree.parse(str(path)).iter("{*}loc")]
        named |= {address: path.name for address in addresses if not address.endswith(".xml")}
    base = min(named, key=len, default="")  # the home page is the shortest of them
    for address, where in named.items():
        name = _within(address.removeprefix(base).rstrip("/") or ".", True, files)
        if name is None:
            wrong.append(f"{where}: '{address}' is not printed")
        elif (own := pages[name].canonical) not in ("", address):
            wrong.append(f"{name}: its canonical address '{own}' is not '{address}', as {where} has it")
    return wrong + [
        f"{name}: its canonical address '{page.canonical}' is not of this portal"
        for name, page in pages.items()
        if page.canonical and not page.canonical.startswith(base or "\0")
    ]
