"""
The portal: people see it. Tables go in, pages come out; nothing is computed here that a figure does not already say.

Written pages and one shell are printed by MkDocs (`shell`), data pages are stamped into that shell by Jinja (`stamp`),
because that is thirty times faster. What every page is for, and which template prints it, stands in `site/templates`.
"""

from dagster_project.portal.bodies import body_pages
from dagster_project.portal.links import check_links
from dagster_project.portal.pages import site_pages
from dagster_project.portal.shell import print_shell
from dagster_project.portal.site import NO_STATEMENT, BodyFrames, Shell, Site, SiteFrames, SupplierFrames, SupplierList
from dagster_project.portal.suppliers import supplier_pages

__all__ = [
    "NO_STATEMENT", "BodyFrames", "Shell", "Site", "SiteFrames", "SupplierFrames", "SupplierList", "body_pages", "check_links",
    "print_shell", "site_pages", "supplier_pages",
]  # fmt: skip
