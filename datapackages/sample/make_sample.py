"""
Make the sample: an invented corner of the country, its registers, its published files and the truth about them.

    python datapackages/sample/make_sample.py [--out DIR]

Seeded and without a clock: every run writes the same bytes. See README.md beside this script.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from maker.bodies import BODIES, HEADINGS  # noqa: E402
from maker.councils import COUNCILS  # noqa: E402
from maker.desk import Desk  # noqa: E402
from maker.ledger import Payment  # noqa: E402
from maker.metropolitan import METROPOLITAN  # noqa: E402
from maker.others import OTHERS  # noqa: E402
from maker.registers import charity_register, company_register, postcode_register  # noqa: E402
from maker.visits import HEADINGS as VISITED  # noqa: E402
from maker.visits import record  # noqa: E402
from maker.witnesses import all_of  # noqa: E402
from maker.world import Entity, make_charities, make_companies  # noqa: E402

COMPLETE = "This folder is everything that these invented bodies published.\n"
MADE = (
    "publishers.csv",
    "truth.csv",
    "truth_files.csv",
    "truth_payees.csv",
    "visits.csv",
    "complete",
    "spend",
    "registers",
)


def write_table(path: Path, headings: tuple[str, ...], rows: list[list[str]]) -> None:
    """Write one CSV table with LF line ends."""
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows([list(headings), *rows])


def check(desk: Desk) -> list[Payment]:
    """
    The payments that a body has published, each once.

    Raises:
        ValueError: the files that speak do not add up to the ledger; the plan of files is wrong.
    """
    speaking = [line for file in desk.files if file.speaks for line in file.payments]
    paid = [line for month, lines in desk.ledger.items() if month not in desk.missing for line in lines]
    if Counter(speaking) != Counter(paid + desk.cards):
        problem = f"{desk.body.slug}: its files hold {len(speaking)} lines, its ledger {len(paid) + len(desk.cards)}"
        raise ValueError(problem)
    return speaking


def truth_rows(slug: str, lines: list[Payment]) -> list[list[str]]:
    """Rows and pence of one body by dataset kind and month; an empty month for lines whose date cannot be read."""
    rows, pence = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for line in lines:
        rows[line.kind, line.month] += 1
        pence[line.kind, line.month] += line.pence
    return [[slug, kind, month, str(rows[kind, month]), str(pence[kind, month])] for kind, month in sorted(rows)]


def publish(entities: list[Entity]) -> list[Desk]:
    """Let every body publish."""
    desks = []
    plans = {**METROPOLITAN, **COUNCILS, **OTHERS}
    for body in BODIES:
        if body.slug in plans:
            desk = Desk(body, entities)
            plans[body.slug](desk)
            desks.append(desk)
    return desks


def make(out: Path) -> None:
    """Write the whole sample into a folder, in place of an earlier one."""
    companies = make_companies()
    charities = make_charities(companies)
    desks = publish([*companies, *charities])
    for name in MADE:
        shutil.rmtree(out / name) if (out / name).is_dir() else (out / name).unlink(missing_ok=True)
    (out / "registers").mkdir(parents=True)
    (out / "registers" / "codepo_zz.csv").write_bytes(postcode_register())
    (out / "registers" / "BasicCompanyDataAsOneFile-2024-04-01.csv").write_bytes(company_register(companies))
    (out / "registers" / "publicextract.charity.txt").write_bytes(charity_register(charities))
    for name, data in all_of(companies).items():
        (out / "registers" / name).write_bytes(data)
    write_table(out / "publishers.csv", HEADINGS, [body.row(at) for at, body in enumerate(BODIES, 1)])
    (out / "complete").write_text(COMPLETE, encoding="utf-8")
    for file in (file for desk in desks for file in desk.files):
        path = out / "spend" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    visits = sorted(row for desk in desks for row in record(desk.body, desk.files))
    write_table(out / "visits.csv", VISITED, visits)
    spoken = {desk.body.slug: check(desk) for desk in desks}
    by_month = [row for slug, lines in spoken.items() for row in truth_rows(slug, lines)]
    write_table(out / "truth.csv", ("publisher", "dataset_kind", "month", "rows", "pence"), by_month)
    by_file = sorted(file.row() for desk in desks for file in desk.files)
    write_table(
        out / "truth_files.csv",
        ("file", "status", "tables", "rows", "pence", "redacted", "dataset_kind", "note"),
        by_file,
    )
    payees = sorted(
        {(line.payee.strip(), line.truth) for lines in spoken.values() for line in lines if line.kind == "payments"}
    )
    write_table(out / "truth_payees.csv", ("payee", "truth"), [list(row) for row in payees])


def main() -> None:
    """Read the arguments, make the sample, say how large it is."""
    parser = argparse.ArgumentParser(description="Make the invented sample.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to; by default the one of this script")
    out = parser.parse_args().out
    make(out)
    files = [path for name in MADE for path in [out / name, *(out / name).rglob("*")] if path.is_file()]
    sys.stdout.write(f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.2f} MB in {out.name}\n")


if __name__ == "__main__":
    main()
