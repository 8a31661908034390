"""A small invented world for the tests of the portal: five bodies, hostile payees, figures of every status."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from dagster_project.model.ids import figure_id, file_id, line_id, payment_id, sha256
from dagster_project.model.periods import financial_year, months_between
from dagster_project.portal import BodyFrames, Site, SiteFrames

HOUSE = Path(__file__).parents[2]
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202eMOCKED \u200fltd",
    "A" * 4000,
    "=1+1",
    "O'Neil & Sons <Ltd>",
)

MEASURES: tuple[dict[str, Any], ...] = (
    {
        "id": "spend",
        "name": "Published spending",
        "rank": "true",
        "question": "How much does this body publish that it pays?",
        "form": "total",
        "base": "all_published",
        "yes": "",
        "direction": "none",
        "unit": "pounds",
        "formula": "The sum of all payments of the year.",
        "why_it_matters": "It is the size of everything else.",
        "left_out": ["Wages"],
        "assumes": "",
        "caveats": ["Payments under £500 are not in it."],
        "author": "A",
        "checker": "B",
        "reviewed": "2026-11-01",
        "status": "published",
        "examples": [
            {
                "says": "Two payments",
                "payments": [["a", "100"], ["b", "50"]],
                "low": "150",
                "high": "150",
                "status": "ok",
            },
            {"says": "None", "payments": [], "status": "no-base"},
        ],
    },
    {
        "id": "e1-stays-in-the-area",
        "name": "Spending that stays in the area",
        "question": "How much of the spending with suppliers stays in the area?",
        "form": "share",
        "base": "in_scope",
        "yes": "payee_lad_code = lad_code",
        "direction": "none",
        "unit": "share",
        "formula": "Spending with suppliers in the area, as a part of all spending with suppliers.",
        "why_it_matters": "People ask.",
        "left_out": [],
        "assumes": "The registered office is where the supplier is.",
        "caveats": [],
        "author": "A",
        "checker": "B",
        "reviewed": "2026-11-01",
        "status": "published",
        "examples": [
            {
                "says": "Ordinary",
                "payments": [["yes", "20"], ["unknown", "30"], ["no", "50"]],
                "low": "0.20",
                "high": "0.50",
                "status": "ok",
            },
            {
                "says": "All unknown",
                "payments": [["unknown", "10"]],
                "low": "0",
                "high": "1",
                "status": "nothing-known",
            },
            {"says": "Empty", "payments": [], "status": "no-base"},
        ],
    },
    {
        "id": "top-ten-share",
        "name": "Share of the ten largest",
        "question": "How much goes to the ten payees paid most?",
        "form": "concentration",
        "base": "in_scope",
        "unit": "share",
        "direction": "none",
        "why_it_matters": "It shows leaning on few.",
        "author": "A",
        "checker": "B",
        "reviewed": "2026-11-01",
        "status": "preview",
        "examples": [],
    },
)

KINDS = (
    ("metropolitan_district", "Metropolitan borough", "Metropolitan boroughs"),
    ("fire", "Fire authority", "Fire authorities"),
    ("district", "District council", "District councils"),
)
BODIES = (
    ("alder", "Alder Metropolitan Borough Council", "metropolitan_district", "E08999001"),
    ("birch", "Birch City Council", "metropolitan_district", "E08999002"),
    ("cedar", "Cedar Metropolitan Borough Council", "metropolitan_district", "E08999003"),
    ("dogwood", "Dogwood Metropolitan District Council", "metropolitan_district", "E08999004"),
    ("elder-fire", "Elder Fire and Rescue Authority", "fire", ""),
    ("furze", "Furze District Council", "district", "E07999001"),
)
#: Where districts stand on the map; the last has no place.
CELLS = {"E08999001": (0, 0), "E08999002": (1, 0), "E08999003": (0, 1), "E08999004": (1, 1)}
#: Share that surely stayed and share not known, by body; `None` for nothing known.
LOCAL = {"alder": (0.41, 0.23), "birch": (0.60, 0.10), "cedar": (0.20, 0.55), "dogwood": None}


def schemas() -> tuple[dict[str, Any], ...]:
    """The real schemas."""
    return tuple(
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((HOUSE / "datapackages/schemas").glob("*.yaml"))
    )


def site(origin: str = "sample", address: str = "https://portal.invalid/pound/") -> Site:
    """A site of invented bodies."""
    words = {
        "kinds": [{"kind": k, "title": one, "title_plural": many} for k, one, many in KINDS],
        "problems": [
            {
                "code": "amount-unreadable",
                "severity": "error",
                "whose": "publisher",
                "title": "An amount cannot be read",
                "could": "Give a number.",
            }
        ],
        "classes": [{"class": "supplier", "title": "Supplier", "in_scope": "yes", "explains": "A firm."}],
        "denominators": [
            {"key": "in_scope", "title": "Spending with suppliers", "condition": "", "explains": "Payments to firms."}
        ],
    }
    words["published"] = [
        {"measure": "e1-stays-in-the-area", "publisher": slug, "who": "Alder", "period": year, "said": said,
         "definition": "Largest 300", "beside_ours": "Another definition.", "source": "Somebody, 2024"}
        for slug, year, said in (("alder", "2008-09", "51.5%"), ("", "2022-23", "46%"))
    ]  # fmt: skip
    return Site(origin, False, "2024-11-18" if origin != "folder" else "", address, words, MEASURES, schemas())


def publishers() -> pd.DataFrame:
    """The spine: six bodies, the last without files."""
    rows = [
        {
            "slug": slug,
            "name": name,
            "kind": kind,
            "lad_code": lad,
            "region": "TLE",
            "start": "1974-04-01",
            "end": "",
            "successor": "",
            "org_id": f"GB-LAE-{slug.upper()}",
            "website": f"https://{slug}.invalid",
            "wikidata": "",
            "alternative_names": "",
            "areas_served": "",
        }
        for slug, name, kind, lad in BODIES
    ]
    return pd.DataFrame(rows)


def payments_of(slug: str, months: list[str]) -> pd.DataFrame:
    """Payments of one body: hostile names, a withheld one, a person, a refund, a blank."""
    file = file_id(sha256(slug.encode()))
    rows = []
    for at, month in enumerate(months):
        names = [
            "Acme Care Ltd",
            "Brook Roads plc",
            "REDACTED PERSONAL DATA",
            "Jo Example",
            HOSTILE[at % len(HOSTILE)],
            "",
        ]
        for number, payee in enumerate(names):
            pence = (number + 1) * 1_234_567 + at * 100_001 if number != 5 else -120_450
            kind = {2: "redacted", 3: "individual", 5: "unreadable"}.get(number, "supplier")
            rows.append(
                {
                    "payment_id": payment_id(slug, "payments", f"{month}-14", payee, pence, str(at), 1),
                    "publisher": slug,
                    "dataset_kind": "payments",
                    "date": f"{month}-14",
                    "month": month,
                    "payee": payee,
                    "amount_pence": pence,
                    "is_redacted": number == 2,
                    "reference": f"R{at}{number}",
                    "department": ["Adult Social Care", "Roads", ""][number % 3],
                    "purpose": "Care & support",
                    "category": "",
                    "body": "",
                    "payee_postcode": "NB1 1AA" if number in (0, 3) else "",
                    "company_number": "01234567" if number == 0 else "",
                    "charity_number": "",
                    "vat_number": "",
                    "contract_reference": "",
                    "supplier_id": "GB-COH-01234567" if number == 0 else "",
                    "payee_class": kind,
                    "payee_lad_code": "E08999001" if number == 0 else "",
                    "payee_lad_source": "register" if number == 0 else "",
                    "file_id": file,
                    "line_id": line_id(file, 1, at * 6 + number + 2),
                }
            )
    return pd.DataFrame(rows)


def files_of(slug: str, months: list[str]) -> pd.DataFrame:
    """Two files: one read, one a PDF."""
    digest, other = sha256(slug.encode()), sha256(f"{slug} pdf".encode())
    common = {
        "publisher": slug,
        "retrieved": "2024-11-18",
        "source_url": "",
        "dataset_kinds": "payments",
        "amount_basis": "",
        "suppressed": 0,
    }
    size = len(months) * 6
    return pd.DataFrame(
        [
            {
                **common,
                "file_id": digest[:16],
                "name": "Payments <all> & more.csv",
                "sha256": digest,
                "bytes": 18_233,
                "container": "csv",
                "status": "read",
                "reason": "",
                "first_month": months[0],
                "last_month": months[-1],
                "tables": 1,
                "rows_in": size + 2,
                "pence_in": 1,
                "rows_published": size,
                "pence_published": 1,
                "rows_rejected": 1,
                "pence_rejected": 0,
                "rows_left_out": 1,
                "pence_left_out": 0,
                "rows_counted": size,
            },
            {
                **common,
                "file_id": other[:16],
                "name": "Old list.pdf",
                "sha256": other,
                "bytes": 9_999,
                "container": "pdf",
                "status": "not_a_table",
                "reason": "This is a PDF. Publish the same list as CSV.",
                "first_month": "",
                "last_month": "",
                "tables": 0,
                "rows_in": 0,
                "pence_in": 0,
                "rows_published": 0,
                "pence_published": 0,
                "rows_rejected": 0,
                "pence_rejected": 0,
                "rows_left_out": 0,
                "pence_left_out": 0,
                "rows_counted": 0,
            },
        ]
    )


def coverage_of(payments: pd.DataFrame) -> pd.DataFrame:
    """Months served, from the payments."""
    sums = payments.groupby(["publisher", "dataset_kind", "month"], as_index=False).agg(
        rows=("payment_id", "size"), amount_pence=("amount_pence", "sum")
    )
    return sums.assign(
        files=1, speaks="Payments.csv", replaced="", replaced_rows=0, replaced_amount_pence=0, basis="one file"
    )


def figures_of(slug: str, kind: str, payments: pd.DataFrame) -> pd.DataFrame:
    """Figures of every year; the place of each body is made up to fit its bounds."""
    rows = []
    years = payments["month"].map(lambda month: financial_year(month) or "")
    places = {"alder": (2, 3), "birch": (1, 1), "cedar": (2, 3)}
    for year, group in payments.groupby(years):
        total, months = int(group["amount_pence"].sum()), group["month"].nunique()
        for measure in ("spend", "e1-stays-in-the-area", "top-ten-share"):
            if measure.startswith("e1") and slug not in LOCAL:
                continue
            known = LOCAL.get(slug)
            low, high, status = float(total) / 100, float(total) / 100, "ok" if months == 12 else "partial"
            if measure.startswith("e1"):
                low, high, status = (known[0], known[0] + known[1], status) if known else (0.0, 1.0, "nothing-known")
            elif measure == "top-ten-share":
                low, high = 0.61, 0.66
            is_ranked = months == 12 and status == "ok" and slug in places
            place = places.get(slug, (1, 1))
            rows.append(
                {
                    "figure_id": figure_id(slug, str(year), measure),
                    "publisher": slug,
                    "period": year,
                    "measure": measure,
                    "low": low,
                    "high": high,
                    "best": float("nan"),
                    "outer_low": float("nan"),
                    "outer_high": float("nan"),
                    "base_pence": total,
                    "unknown_pence": round((high - low) * total) if low <= 1 else 0,
                    "months": months,
                    "coverage": months / 12,
                    "status": status,
                    "is_ranked": is_ranked,
                    "not_ranked_because": "" if is_ranked else "Months are missing.",
                    "population": kind,
                    "rank_best": place[0] if is_ranked else float("nan"),
                    "rank_worst": place[1] if is_ranked else float("nan"),
                    "ranked_of": 3 if is_ranked else float("nan"),
                }
            )
    return pd.DataFrame(rows)


def problems_of(slug: str, files: pd.DataFrame) -> pd.DataFrame:
    """One trouble."""
    row = {
        "publisher": slug,
        "file_id": files["file_id"].iloc[0],
        "file_name": files["name"].iloc[0],
        "ordinal": 1,
        "code": "amount-unreadable",
        "severity": "error",
        "line_id": "",
        "field": "amount",
        "value": "see note",
        "lines": 3,
        "did": "Left the line out.",
        "could": "Give a number.",
    }
    return pd.DataFrame([row])


def body_frames(slug: str) -> BodyFrames:
    """The tables of one body; the last two bodies of the world have fewer."""
    months = [m for m in months_between("2021-04", "2024-03") if not (slug == "cedar" and m in ("2022-11", "2022-12"))]
    kind = next(row[2] for row in BODIES if row[0] == slug)
    payments, files = payments_of(slug, months), files_of(slug, months)
    if slug == "elder-fire":
        payments, files = payments.iloc[:0], files.iloc[1:]
    if slug == "furze":
        payments, files = payments.iloc[:0], files.iloc[:0]
    figures = figures_of(slug, kind, payments if len(payments) else payments_of("alder", months).iloc[:0])
    if figures.empty:
        figures = figures_of("alder", kind, payments_of("alder", months)).iloc[:0]
    problems = problems_of(slug, files_of(slug, months))
    payees = pd.DataFrame(
        {"publisher": [], "payee_key": [], "payee": [], "payee_class": [], "payments": [], "amount_pence": []}
    )
    downloads = (
        []
        if payments.empty
        else [
            {
                "title": "All payments",
                "href": f"packages/{slug}/payments.csv",
                "bytes": 123_456,
                "rows": len(payments),
                "format": "csv",
            }
        ]
    )
    return BodyFrames(
        payments,
        files,
        problems if len(payments) else problems.iloc[:0],
        coverage_of(payments),
        figures,
        payees,
        downloads,
    )


def site_frames() -> SiteFrames:
    """The tables of all bodies."""
    frames = {row[0]: body_frames(row[0]) for row in BODIES}
    totals = []
    for slug, own in frames.items():
        read = int((own.files["status"] == "read").sum())
        status = "no files" if own.files.empty else "not read" if not read else "partly read"
        totals.append(
            {
                "publisher": slug,
                "files": len(own.files),
                "files_read": read,
                "rows_in": int(own.files["rows_in"].sum()),
                "rows_published": int(own.files["rows_published"].sum()),
                "rows_rejected": int(own.files["rows_rejected"].sum()),
                "rows_left_out": int(own.files["rows_left_out"].sum()),
                "payments": len(own.payments),
                "payees": own.payments["payee"].nunique() if len(own.payments) else 0,
                "amount_pence": int(own.payments["amount_pence"].sum()),
                "first_month": own.payments["month"].min() if len(own.payments) else "",
                "last_month": own.payments["month"].max() if len(own.payments) else "",
                "status": status,
            }
        )

    def joined(name: str) -> pd.DataFrame:
        return pd.concat([getattr(own, name) for own in frames.values()], ignore_index=True)

    downloads = [
        {
            "title": "Figures of all bodies",
            "href": "packages/all/figures.csv",
            "bytes": 2_345,
            "rows": 12,
            "format": "csv",
        }
    ]
    return SiteFrames(
        publishers(),
        joined("files"),
        joined("coverage"),
        joined("figures"),
        joined("payees"),
        pd.DataFrame(totals),
        downloads,
        joined("figures")
        .query("publisher == 'alder'")
        .assign(publisher="region-tlx", name="Region X", population="region", bodies=4),
        matching(),
    )


def matching() -> dict[str, Any]:
    """How often the matcher is right."""
    said = {
        "rows": 2_000, "precision": {"by_count": 0.975, "by_value": 0.992, "n": 900, "interval_95": [0.961, 0.984]},
        "recall": {"by_count": 0.77}, "forced": 0.01, "calibration_error": 0.019,
    }  # fmt: skip
    printed = {"identifier": "charity", "payees": 40, "amount_pence": 900_000, "agreed": 37, "agreed_pence": 850_000,
               "contradicted": 1, "contradicted_pence": 20_000, "silent": 2, "silent_pence": 30_000, "unlike": 1}  # fmt: skip
    audited = {
        "command": "python score.py",
        "date": "2026-11-28",
        "in_sample": said,
        "held_out": said | {"forced": 0.015},
    }
    register = {"name": "Register X", "publisher": "Office X", "origin": "https://x.example/", "rows": 0,
                "tried": "invented rows", "tried_on": "Two rows."}  # fmt: skip
    return {"audited": audited, "printed": [printed], "registers": [register]}
