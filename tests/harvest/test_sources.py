"""Source files: all of ours load; everything wrong is named with file, line and what to do."""

import pytest

from dagster_project.declare.errors import DeclarationError
from dagster_project.declare.publishers import load_publishers
from dagster_project.declare.sources import is_period, load_sources
from dagster_project.stages.plan import DECLARED

GOOD = """slug: northbeck
listings:
  - kind: links
    url: https://northbeck.invalid/spending
    dataset: payments
    only: (?i)over.?500
    why: The same page lists contracts.
  - kind: pattern
    url: https://northbeck.invalid/{yyyy}/cards-{month}.csv
    variants: ["https://northbeck.invalid/{yyyy}/cards-{Mon}.csv"]
    first: 2021-04
  - kind: dcat
    url: https://data.northbeck.invalid/api/feed/dcat-us/1.1.json
    search: supplier payments
    organization: Northbeck Council
expect: {every: month, days: 31, first: 2021-04}
corrections:
  - url: https://northbeck.invalid/may.csv
    period: 2024-04
    reason: The link says May, every line is of April.
    guard: {text: May 2024}
evidence: Invented.
verified: never
"""


def loaded(tmp_path, text, slugs=()):
    (tmp_path / "northbeck.yaml").write_text(text, encoding="utf-8")
    return load_sources(tmp_path, slugs)


def test_a_source_says_what_it_says(tmp_path):
    (source,) = loaded(tmp_path, GOOD, {"northbeck": None})
    assert [listing.kind for listing in source.listings] == ["links", "pattern", "dcat"]
    assert source.corrections[0].guard.text == "May 2024"
    assert source.verified == "never"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("evidence:", "evidense:"), "line 22: `evidense` is not a key here. Did you mean `evidence`?"),
        (("    dataset: payments", "    datasets: payments"), "line 5: `datasets` is not a key here. Did you mean `dataset`?"),
        (("kind: links", "kind: link"), "line 3: `listings.0.kind`: Input should be 'links', 'listed'"),
        (("(?i)over.?500", "(over"), "line 6: `listings.0.only`: '(over' is no regular expression"),
        (("{month}.csv", "{mnth}.csv"), "`{mnth}` is not a place. Did you mean `month`?"),
        (("{yyyy}/cards-{month}", "cards"), "has no place for the period"),
        (("    first: 2021-04\n", ""), "`first` is missing"),
        (("    first: 2021-04\n", "    first: April 2021\n"), "'April 2021' is no month"),
        (("    why: The same page lists contracts.\n", ""), "`why` is missing"),
        (("    dataset: payments", "    search: spend"), "`search` does not belong to `kind: links`, only to ckan"),
        (("https://northbeck.invalid/spending", "northbeck.invalid/spending"), "is no address"),
        (("kind: dcat", "kind: dcatus"), "line 12: `listings.2.kind`: Input should be 'links', 'listed'"),
        (("    search: supplier payments", "    package: sp-24"), "`package` names one data set: leave out `search` and `organization`, or it"),
        (("    search: supplier payments", "    follow: payments"), "`follow` does not belong to `kind: dcat`, only to links and govuk"),
        (("    url: https://data.northbeck.invalid/api/feed/dcat-us/1.1.json\n", ""), "`url` is missing"),
        (("https://data.northbeck.invalid/api", "data.northbeck.invalid/api"), "is no address"),
        (("{text: May 2024}", "{}"), "a guard is the `sha256` of the file or the `text` of its link"),
        (("    period: 2024-04\n", ""), "a correction states `period`, `dataset` or `leave_out: yes`"),
        (("    guard: {text: May 2024}\n", ""), "line 18: `corrections.0.guard`: Field required"),
        (("verified: never", "verified: yes"), "neither a day such as 2026-04-30 nor `never`"),
        (("days: 31", "days: soon"), "line 16: `expect.days`: 'soon' is no whole number"),
        (("slug: northbeck", "slug: northbek"), "the file is named 'northbeck'"),
    ],
)  # fmt: skip
def test_a_wrong_source_is_refused_with_its_place(tmp_path, change, says):
    assert change[0] in GOOD
    with pytest.raises(DeclarationError) as caught:
        loaded(tmp_path, GOOD.replace(*change, 1))
    assert says in str(caught.value)
    assert "northbeck.yaml" in str(caught.value)


def test_a_source_of_nobody_is_refused(tmp_path):
    with pytest.raises(DeclarationError, match=r"is no body in publishers\.csv\. Did you mean `northbek`"):
        loaded(tmp_path, GOOD, {"northbek": None})


def test_every_declared_source_loads_and_is_somebodys():
    slugs = {publisher.slug: publisher for publisher in load_publishers(DECLARED / "publishers.csv")}
    for source in load_sources(DECLARED / "sources", slugs):
        assert source.evidence


@pytest.mark.parametrize(("text", "good"), [("2024-04", True), ("2023-24", True), ("2023-24-Q4", True), ("2023-25", False), ("2023-24-Q5", False), ("April", False)])  # fmt: skip
def test_periods(text, good):
    assert is_period(text) is good
