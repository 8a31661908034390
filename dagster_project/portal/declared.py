"""Pages that are printed from declarations: one per measure, one per table, and the indexes."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from dagster_project.portal import bars, facts, findings, formats, words
from dagster_project.portal.site import Site, SiteFrames
from dagster_project.portal.stamp import Stamp


def declared_pages(stamp: Stamp, frames: SiteFrames) -> dict[str, bytes]:
    """Methods, and the dictionary of every table."""
    measures = tuple(facts.declared(stamp.site).values())
    filled = set(frames.figures["measure"])
    families = [
        (*words.FAMILIES[family], [(m, m["id"] in filled or not m["needs"]) for m in measures if m["family"] == family])
        for family in words.FAMILIES
    ]
    pages = {
        "methods/index.html": stamp.page(
            "methods.html", "methods/", words.METHODS, words.METHODS_TITLE, words.METHODS_ABOUT,
            families=[family for family in families if family[2]],
            matching=frames.matching,
        )
    }  # fmt: skip
    ranked: set[tuple[str, str]] = set(zip(frames.figures["measure"], frames.figures["population"], strict=True))
    for measure in measures:
        path = f"methods/{measure['id']}/"
        kinds = [kind for kind in words.KINDS if (measure["id"], kind) in ranked]
        pages[f"{path}index.html"] = stamp.page(
            "method.html", path, words.METHODS, words.METHOD_TITLE.format(name=measure["name"]), measure["question"],
            measure=measure,
            base_words=words.first_of(stamp.site.words.get("denominators", []), measure["base"]),
            examples=[_example(example, measure) for example in measure["examples"]],
            kinds=[(stamp.site.kinds_name(kind), words.kind_slug(kind)) for kind in kinds],
            is_local=measure["id"] == facts.LOCAL,
            published=[row for row in stamp.site.words.get("published", []) if row["measure"] == measure["id"]],
            stories=story_bodies(stamp.site, frames),
            needs=_needs(measure, measure["id"] in filled),
            classes=stamp.site.words.get("classes", []),
        )  # fmt: skip
    for schema in stamp.site.schemas:
        path = f"data/dictionary/{schema['name']}/"
        pages[f"{path}index.html"] = stamp.page(
            "dictionary.html", path, words.DATA, words.DICTIONARY_TITLE.format(name=schema["title"]),
            schema["description"],
            schema={"foreign_keys": (), "grain": "", **schema},
            fields=[_field(field) for field in schema["fields"]],
            others=sorted((s["name"], s["title"]) for s in stamp.site.schemas if s["name"] != schema["name"]),
        )  # fmt: skip
    return pages | story_pages(stamp, frames)


def story_bodies(site: Site, frames: SiteFrames) -> list[tuple[str, str]]:
    """Slug and name of each body with figures here that others have published figures about."""
    told = {row["publisher"] for row in site.words.get("published", [])} - {""}
    have = told & set(frames.figures["publisher"])
    return sorted((row["slug"], row["name"]) for row in frames.publishers.to_dict("records") if row["slug"] in have)


def story_pages(stamp: Stamp, frames: SiteFrames) -> dict[str, bytes]:
    """What others published about a body beside our ranges, year by year."""
    measures, pages = facts.declared(stamp.site), {}
    for slug, name in story_bodies(stamp.site, frames):
        own = facts.figures_of(frames.figures[frames.figures["publisher"] == slug], stamp.site)
        told = [row for row in stamp.site.words["published"] if row["publisher"] == slug and row["measure"] in measures]
        sections = [
            (measures[measure], _story_rows([row for row in told if row["measure"] == measure], measure, own))
            for measure in dict.fromkeys((*(row["measure"] for row in told), facts.LOCAL, facts.SPEND))
            if measure in measures
        ]
        path = f"stories/{slug}/"
        pages[f"{path}index.html"] = stamp.page(
            "story.html", path, words.METHODS, words.STORY_TITLE.format(name=name), words.STORY_ABOUT.format(name=name),
            body={"slug": slug, "name": name}, sections=sections, known=_story_known(frames, slug, own),
        )  # fmt: skip
    return pages


def _story_known(frames: SiteFrames, slug: str, own: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    """What is here of a body: payments, names, months; and why little is known of the newest year's share, if so."""
    totals = next((row for row in facts.rows(frames.totals) if row["publisher"] == slug), {})
    local = own.get((facts.LOCAL, facts.newest_year(own, ())))
    spend = [found for (measure, _), found in own.items() if measure == facts.SPEND]
    return {
        **totals,
        "months": sum(int(found["months"]) for found in spend),
        "of_months": 12 * len(spend),
        "why_little": findings.hardly_known(local, None) if local and facts.is_hardly_known(local) else "",
    }


def _story_rows(
    told: list[dict[str, str]], measure: str, own: dict[tuple[str, str], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Every year that somebody published or that we have, in order; what others said first."""
    years = sorted({row["period"] for row in told} | {period for m, period in own if m == measure})
    return [
        {"period": year, "told": [row for row in told if row["period"] == year], "ours": own.get((measure, year))}
        for year in years
    ]


def _needs(measure: dict[str, Any], is_filled: bool) -> str:
    """What a measure needs, and that it is not at hand where no figure of it is."""
    needs = [words.NEEDS[need] for need in measure["needs"]]
    if not needs:
        return ""
    return (words.CAN_BUT if is_filled else words.CANNOT_YET).format(needs=formats.listed(needs))


def _example(example: dict[str, Any], measure: dict[str, Any]) -> dict[str, Any]:
    """A worked example: its payments in pounds, what comes out, in words and as a bar."""
    low, high = (facts.number(example.get(end) or None) for end in ("low", "high"))
    unit, value, bar = measure["unit"], words.NOT_KNOWN, Markup("")
    if low is not None and high is not None:
        value = formats.value_range(low, high, unit)
        bar = bars.table_bar(low, high) if unit == "share" else bar
    return {
        "says": example.get("says", ""),
        "payments": [
            (answer, _weight(pounds, measure["counted_in"])) for answer, pounds in example.get("payments", ())
        ],
        "value": value,
        "status": words.STATUSES.get(example.get("status") or "ok", ""),
        "bar": bar,
    }


def _weight(text: str, counted_in: str) -> str:
    """What a row of an example weighs: pounds, or how many lines, files or months it stands for."""
    return formats.money(round(float(text) * 100)) if counted_in == "pounds" else f"({formats.count(float(text))})"


def _field(field: dict[str, Any]) -> dict[str, Any]:
    """A column of a table as the dictionary prints it."""
    required = field.get("required")
    return {
        **{
            key: field.get(key) or ""
            for key in ("name", "type", "title", "description", "unit", "pattern", "example", "lga")
        },
        "required": required is True or str(required).lower() == "true",
        "enum": list(field.get("enum") or ()),
        "minimum": "" if field.get("minimum") is None else str(field.get("minimum")),
    }
