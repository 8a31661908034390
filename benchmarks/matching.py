"""
Measures the matcher on a synthetic register of 5.7 million companies in the layout of Companies House.

    python benchmarks/matching.py FOLDER [--companies 5700000] [--names 200000] [--baseline 1000]

Writes `register.csv` and `names.csv` into FOLDER if they are not there; builds the index there; matches all names, then
one per cent new ones against the index that is there; sets a rapidfuzz-only baseline on some names beside it. Prints
JSON. Everything is invented: words of syllables by Zipf's law, towns, trades, families of companies that differ in
`Group`, `Holdings` or a place alone, former names, and payees spelt as ledgers spell them, a third of them registered
nowhere.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import random
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from rapidfuzz import fuzz, process

from dagster_project.declare.registers import load_registers
from dagster_project.match import build_index, match_names, organisations, register_rows
from dagster_project.stages.matching import match_words
from dagster_project.stages.plan import DECLARED

COLUMNS = (
    "CompanyName", " CompanyNumber", "RegAddress.CareOf", "RegAddress.POBox", "RegAddress.AddressLine1",
    " RegAddress.AddressLine2", "RegAddress.PostTown", "RegAddress.County", "RegAddress.Country", "RegAddress.PostCode",
    "CompanyCategory", "CompanyStatus", "CountryOfOrigin", "DissolutionDate", "IncorporationDate",
    "Accounts.AccountRefDay", "Accounts.AccountRefMonth", "Accounts.NextDueDate", "Accounts.LastMadeUpDate",
    "Accounts.AccountCategory", "Returns.NextDueDate", "Returns.LastMadeUpDate", "Mortgages.NumMortCharges",
    "Mortgages.NumMortOutstanding", "Mortgages.NumMortPartSatisfied", "Mortgages.NumMortSatisfied",
    "SICCode.SicText_1", "SICCode.SicText_2", "SICCode.SicText_3", "SICCode.SicText_4",
    "LimitedPartnerships.NumGenPartners", "LimitedPartnerships.NumLimPartners", "URI",
    *(f" PreviousName_{n}.{part}" for n in range(1, 11) for part in ("CONDATE", "CompanyName")),
    "ConfStmtNextDueDate", " ConfStmtLastMadeUpDate",
)  # fmt: skip
TRADES = (  # noqa: SIM905 - read as words
    "CARE|HOMECARE|SERVICES|CONSULTING|PROPERTIES|DEVELOPMENTS|CONSTRUCTION|BUILDERS|ELECTRICAL|PLUMBING|LOGISTICS|"
    "TRANSPORT|CLEANING|SECURITY|RECRUITMENT|TRAINING|DESIGN|MEDIA|SOLUTIONS|SYSTEMS|SOFTWARE|TECHNOLOGIES|ENGINEERING|"
    "INVESTMENTS|TRADING|RETAIL|CATERING|FOODS|MOTORS|TAXIS|COACHES|LANDSCAPES|ROOFING|JOINERY|INTERIORS|LETTINGS|"
    "MANAGEMENT|VENTURES|ENTERPRISES|ASSOCIATES|PARTNERS|SUPPLIES|PRINT|PHARMACY|DENTAL CARE|NURSERIES|LEISURE|FITNESS"
).split("|")
SPECIALS = ("GROUP", "HOLDINGS", "INTERNATIONAL", "(UK)", "NORTH", "SOUTH", "2", "GLOBAL")
FORMS = ("LIMITED",) * 60 + ("LTD",) * 32 + ("LLP", "LLP", "PLC", "C.I.C.", "LIMITED LIABILITY PARTNERSHIP")


def zipf(dice: random.Random, words: list[str], sharpness: float) -> str:
    """A word, the earlier the likelier."""
    return words[int(len(words) * dice.random() ** sharpness)]


def vocabulary(dice: random.Random) -> tuple[list[str], list[str]]:
    """Invented words, the frequent ones first, and invented towns."""
    heads = [c + v for c in ("B", "BR", "C", "CL", "D", "DR", "F", "G", "GR", "H", "K", "L", "M", "N", "P", "PR", "QU", "R",
                             "S", "ST", "T", "TR", "V", "W", "Z") for v in "AEIOU"]  # fmt: skip
    tails = [
        v + c for v in ("A", "E", "I", "O", "U", "EE", "OA") for c in ("", "N", "R", "L", "X", "ND", "RT", "SS", "CK")
    ]
    words = [a + b + c for a, b, c in itertools.product(heads, heads, tails)]
    dice.shuffle(words)
    towns = [w + end for w, end in zip(words[:600], itertools.cycle(("TON", "HAM", "BY", "FORD", "LEY")), strict=False)]
    return words, towns


def company_names(dice: random.Random, number: int) -> Iterator[str]:
    """Names as companies have them; no two alike but for the legal form, as the law has it."""
    words, towns = vocabulary(dice)
    seen: set[int] = set()
    while len(seen) < number:
        root = [zipf(dice, words, 3.0)]
        if dice.random() < 0.45:
            root.append(zipf(dice, words, 2.0))
        if dice.random() < 0.12:
            root = [dice.choice("ABCDEFGHJKLMNPRST") for _ in range(dice.choice((2, 3)))] + root[:1]
        if dice.random() < 0.15:
            root.append(dice.choice(towns))
        if dice.random() < 0.85:
            root.append(zipf(dice, TRADES, 1.4))
        if dice.random() < 0.2:
            root.append(zipf(dice, TRADES, 1.4))
        family = [root]
        if dice.random() < 0.12:
            family += [[*root, special] for special in dice.sample(SPECIALS, 2)]
        for one in family:
            text = " ".join(one)
            if hash(text) not in seen and len(seen) < number:
                seen.add(hash(text))
                yield f"{text} {dice.choice(FORMS)}"


def write_register(path: Path, number: int) -> None:
    """The register: every column there, most of them empty, as in the published file."""
    dice = random.Random(13)
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(COLUMNS)
        at = {name.strip(): place for place, name in enumerate(COLUMNS)}
        blank = [""] * len(COLUMNS)
        earlier = ""
        for n, name in enumerate(company_names(dice, number)):
            row = blank.copy()
            row[0], row[1] = name, f"{n + 1:08d}"
            row[at["RegAddress.PostCode"]] = f"Z{n % 97 + 1} {n % 9 + 1}AB"
            row[at["CompanyCategory"]], row[at["CompanyStatus"]] = "Private Limited Company", "Active"
            row[at["IncorporationDate"]], row[at["SICCode.SicText_1"]] = "01/02/2010", "62020 - Information technology"
            if earlier and dice.random() < 0.12:
                row[at["PreviousName_1.CONDATE"]] = "03/04/2019"
                row[at["PreviousName_1.CompanyName"]] = earlier.replace(" ", " NEW ", 1)
            earlier = name
            writer.writerow(row)


def as_printed(dice: random.Random, name: str) -> str:
    """A registered name as a ledger prints it."""
    words = name.split()
    kind = dice.random()
    if kind < 0.35:
        words[-1] = {"LIMITED": "LTD", "LTD": "LIMITED"}.get(words[-1], words[-1])
    elif kind < 0.5:
        words = words[:-1] or words
    elif kind < 0.58:
        words += ["T/A", dice.choice(TRADES), "DIRECT"]
    elif kind < 0.66:
        words += [f"({dice.choice(TRADES)})"]
    elif kind < 0.74 and len(words[0]) > 4:
        at = dice.randrange(1, len(words[0]) - 1)
        words[0] = words[0][:at] + words[0][at + 1 :]
    elif kind < 0.8:
        return name[:30]
    elif kind < 0.86:
        words += [f"{dice.randrange(10**5, 10**7)}"]
    return " ".join(words)


def write_names(path: Path, register: Path, number: int) -> None:
    """Payees with the number of the company that is meant, or none."""
    dice = random.Random(14)
    with register.open(encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        wanted = number * 2 // 3
        held: list[tuple[str, str]] = []
        for n, row in enumerate(rows):
            if n < wanted:
                held.append((row[0], row[1]))
            elif (at := dice.randrange(n + 1)) < wanted:
                held[at] = (row[0], row[1])
    payees = {as_printed(dice, name): company for name, company in held}
    for name in company_names(random.Random(99), number):
        if len(payees) >= number:
            break
        payees.setdefault(f"{name.split()[0]}EX {name}", "")
    with path.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows(sorted(payees.items(), key=lambda pair: pair[0][::-1]))


def match_part(path: str, names: list[str]) -> list[tuple[str, str, float]]:
    """Match some names in a process of its own."""
    with duckdb.connect(path, read_only=True, config={"memory_limit": "2GB", "threads": 1}) as engine:
        engine.execute("SET enable_progress_bar = false")
        found = match_names(engine, names, match_words())
    return [(one.outcome, one.body.id if one.body else "", one.confidence) for one in found]


def matched(path: str, names: list[str], workers: int = 2) -> list[tuple[str, str, float]]:
    """Match names in two processes, some thousands at a time."""
    parts = [names[at : at + 10_000] for at in range(0, len(names), 10_000)]
    with ProcessPoolExecutor(workers) as pool:
        return [one for part in pool.map(match_part, itertools.repeat(path), parts) for one in part]


def memory(workers: int = 2) -> float:
    """At most so much memory was ever held, in GB: the peak of this process, and that of its largest child for each."""
    own, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round((own + workers * child) / 1e6, 2)


class Watch:
    """Seconds by the clock and of the processor, children and all, since it was made; and how busy the machine is."""

    def __init__(self) -> None:
        self.start, self.before = time.perf_counter(), os.times()

    def read(self) -> dict[str, float]:
        """Both, and how many processes wanted a core on average over the last minute."""
        now = os.times()
        return {
            "seconds": round(time.perf_counter() - self.start, 1),
            "processor_seconds": round(sum(now[:4]) - sum(self.before[:4]), 1),
            "wanted_cores": round(os.getloadavg()[0], 1),
        }


def scores(found: list[tuple[str, str, float]], truth: list[tuple[str, str]]) -> dict[str, float]:
    """How many were accepted, and how many of them rightly; of the registered ones, how many were found."""
    accepted = [(b, meant) for (outcome, b, _), (_, meant) in zip(found, truth, strict=True) if outcome == "accepted"]
    right = sum(body == meant for body, meant in accepted)
    forced = sum(not meant for _, meant in accepted)
    return {
        "names": len(truth), "accepted": len(accepted), "right": right,
        "precision": round(right / max(1, len(accepted)), 4),
        "recall": round(right / max(1, sum(bool(meant) for _, meant in truth)), 4),
        "forced": round(forced / max(1, sum(not meant for _, meant in truth)), 4),
    }  # fmt: skip


def words_sorted(name: str) -> str:
    """A name as `fuzz.token_sort_ratio` compares it; made once for each, so that the bare ratio is left to do."""
    return " ".join(sorted(name.split()))


def fuzzy_only(register: Path, truth: list[tuple[str, str]], least: int = 90) -> list[tuple[str, str, float]]:
    """The nearest register name of each payee by rapidfuzz alone, if it is near enough: every payee beside every name."""
    asked = [words_sorted(name) for name, _ in truth]
    best = [(0, "")] * len(truth)
    with register.open(encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        while part := [(words_sorted(row[0]), row[1]) for row in itertools.islice(rows, 100_000)]:
            near = process.cdist(
                asked, [name for name, _ in part], scorer=fuzz.ratio, score_cutoff=least, workers=2, dtype=np.uint8
            )
            for n, at in enumerate(near.argmax(axis=1)):
                if near[n, at] > best[n][0]:
                    best[n] = int(near[n, at]), part[at][1]
    return [("accepted" if near else "none", f"GB-COH-{number}", near / 100) for near, number in best]


def main() -> None:
    """Write what is missing, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--companies", type=int, default=5_700_000)
    parser.add_argument("--names", type=int, default=200_000)
    parser.add_argument("--baseline", type=int, default=1_000)
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True, parents=True)
    register, names_file = options.folder / "register.csv", options.folder / "names.csv"
    if not register.exists():
        write_register(register, options.companies)
    if not names_file.exists():
        write_names(names_file, register, options.names)
    with names_file.open(encoding="utf-8", newline="") as text:
        truth = [(name, f"GB-COH-{number}" if number else "") for name, number in csv.reader(text)]
    said: dict[str, Any] = {"companies": options.companies, "names": len(truth)}
    path = str(options.folder / "index.duckdb")
    Path(path).unlink(missing_ok=True)
    (declared,) = (one for one in load_registers(DECLARED / "registers") if one.slug == "companies-house")
    watch = Watch()
    settings: dict[str, Any] = {
        "memory_limit": "4GB",
        "temp_directory": str(options.folder),
        "preserve_insertion_order": "false",
    }
    with duckdb.connect(path, config=settings) as engine:
        engine.execute("SET enable_progress_bar = false")
        build_index(engine, organisations(declared, register_rows(declared, register)), match_words().spellings)
    said["load_and_index"] = watch.read() | {"index_mb": Path(path).stat().st_size // 10**6}
    names = [name for name, _ in truth]
    watch = Watch()
    found = matched(path, names)
    said["match_all"], said["memory_gb"] = watch.read(), memory()
    new = [f"{name} NEW" for name in names[::100]]
    watch = Watch()
    matched(path, new)
    said["one_in_a_hundred_new"] = {"names": len(new)} | watch.read()
    said["scores"] = scores(found, truth)
    if options.baseline:
        step = max(1, len(truth) // options.baseline)
        some = slice(0, step * options.baseline, step)
        watch = Watch()
        fuzzy = fuzzy_only(register, truth[some])
        said["rapidfuzz_only"] = watch.read() | scores(fuzzy, truth[some])
        said["the_matcher_on_the_same"] = scores(found[some], truth[some])
    print(json.dumps(said, indent=1))


if __name__ == "__main__":
    main()
