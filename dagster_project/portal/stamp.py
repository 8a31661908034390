"""Data pages: a template filled with a page's facts, joined into the shell. The one door where text is escaped."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from dagster_project.portal import bars, formats, words
from dagster_project.portal.site import Shell, Site

#: Marks in a printed shell: where the head goes, where the content goes, and the way up to the portal's root.
HEAD, CONTENT, BASE = "<!--LP-HEAD-->", "<!--LP-CONTENT-->", "\x00"


@lru_cache(maxsize=2)
def _environment(key: str, templates: tuple[tuple[str, str], ...]) -> jinja2.Environment:  # noqa: ARG001 - the key is why it is cached
    """Compiled templates, once per process and shell."""
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(dict(templates)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("count", "plural", "money", "exact", "share", "share_range", "tenths", "money_range", "value_range", "rank",
                 "ordinal", "year", "year_words", "month", "day", "size", "published", "listed"):  # fmt: skip
        environment.filters[name] = getattr(formats, name)
    environment.globals.update(words=words, bars=bars, formats=formats)
    return environment


@lru_cache(maxsize=64)
def _pieces(shell_page: str, base: str) -> tuple[str, str, str]:
    """A shell page cut at its marks, links leading up by `base`."""
    head, rest = shell_page.replace(BASE, base).split(HEAD)
    before, after = rest.split(CONTENT)
    return head, before, after


class Stamp:
    """Prints pages of one site into one shell."""

    def __init__(self, site: Site, shell: Shell) -> None:
        self.site, self.shell = site, shell
        self.environment = _environment(shell.key, tuple(sorted(shell.templates.items())))

    def page(self, template: str, address: str, section: str, title: str, about: str, **facts: Any) -> bytes:
        """
        One page.

        Args:
            template: Name in `site/templates`.
            address: From the root, `bodies/northbeck/`; `""` is the home page, `404.html` a page at any depth.
            section: Which of the top pages it belongs to: a key of `Shell.pages`.
            title: For the browser's tab; the `h1` is the template's.
            about: One sentence for search engines and link previews.
            facts: What the template prints.
        """
        base = self._base(address)
        content = self.environment.get_template(template).render(
            base=base or "./", site=self.site, address=address, title=title, **facts
        )
        head, before, after = _pieces(self.shell.pages[section], base or "./")
        return "".join((head, self._head(address, title, about), before, content, after)).encode()

    def _base(self, address: str) -> str:
        """The way from a page up to the root. A 404 page is served at any depth, so it alone starts at the top."""
        if address == "404.html":
            parts = self.site.address.split("/", 3)
            return "/" + (parts[3] if len(parts) > 3 else "")
        return "../" * address.count("/")

    def _head(self, address: str, title: str, about: str) -> str:
        name = words.SITE_NAME if title == words.SITE_NAME else f"{title} - {words.SITE_NAME}"
        head = f'<title>{escape(name)}</title>\n<meta name="description" content="{escape(about)}">'
        if address == "404.html":
            return f'{head}\n<meta name="robots" content="noindex">'
        if self.site.address:
            head += f'\n<link rel="canonical" href="{escape(self.site.address + address)}">'
            head += f'\n<meta property="og:title" content="{escape(title)}">'
            head += f'\n<meta property="og:description" content="{escape(about)}">'
        return head


#: What the policy of every page says of scripts.
POLICY = b"script-src 'self';"


def widened(page: bytes, sources: bytes, more: bytes = b"") -> bytes:
    """
    A page under a policy that lets it run more.

    Args:
        sources: Further sources of scripts.
        more: Further directives, each with its semicolon.

    Raises:
        ValueError: the shell's policy is not the one that is widened here.
    """
    if page.count(POLICY) != 1:
        raise ValueError(f"the shell's policy does not hold {POLICY!r} once; see site/overrides/main.html")
    return page.replace(POLICY, POLICY[:-1] + b" " + sources + b";" + more)


def lines(*texts: str) -> Markup:
    """Several texts as one piece of markup, each escaped, one under the other."""
    return Markup("<br>").join(escape(text) for text in texts)
