"""Put what somebody asked to be taken down on the list, and say what of earlier releases must be replaced."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.declare.takedowns import REASONS, load_takedowns
from dagster_project.flow import table_key
from dagster_project.match.names import name_key
from dagster_project.model.ids import line_id
from dagster_project.stages.masking import LIST, fingerprint
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.packs import read_index
from dagster_project.stages.plan import Plan
from dagster_project.stages.unpacked import RELEASES


class NothingToTakeDown(LookupError):
    """No such payment or payee in this build, or no such reason; the message says what was looked for."""


def take_down(plan: Plan, wanted: str, publisher: str, why: str, packs: Path | None, path: Path = LIST) -> str:
    """
    Put a payment, by its id, or a payee, by a name, on the list; say what of earlier releases must be replaced.

    Args:
        publisher: Whose payee; `""` for all bodies. A payment's id says whose it is.
        packs: Folder of archive packs, which hold the published files themselves.

    Raises:
        NothingToTakeDown: nothing of this build is meant, or the reason is not one of `REASONS`.
    """
    if why not in REASONS:
        raise NothingToTakeDown(f"'{why}' is not a reason; known: {', '.join(REASONS)}.")
    found = _found(plan, wanted, publisher)
    if found.empty:
        raise NothingToTakeDown(
            f"No payment of this build is meant by '{wanted}'. Give a payment's id, 16 hex digits as on the portal, "
            "or the payee's name as published."
        )
    kind = "payment" if wanted in set(found["payment_id"]) else "payee"
    marks = {
        (fingerprint(row["publisher"], row["payee"], row["date"] or row["month"], row["amount_pence"]), row["publisher"])
        if kind == "payment" else (fingerprint(publisher, row["payee"]), publisher)
        for row in found.to_dict("records")
    }  # fmt: skip
    known = {(one.fingerprint, one.publisher) for one in load_takedowns(path)}
    with path.open("a", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for mark, whose in sorted(marks - known):
            writer.writerow([mark, whose, kind, date.today().isoformat(), why])
    return "\n".join(_said(plan, found, packs, path))


def _found(plan: Plan, wanted: str, publisher: str) -> pd.DataFrame:
    """Payments that are meant, of whatever bodies."""
    columns = ["payment_id", "publisher", "payee", "date", "month", "amount_pence", "file_id", "table", "record"]
    try:
        payees = plan.recall(PAYEES)
    except FileNotFoundError as error:
        raise NothingToTakeDown(str(error)) from error
    frames = []
    for slug, key in payees.keys.items():
        if publisher in ("", slug):
            frame = plan.store.read_frame(table_key(PAYEES, slug, key, "payments"), columns)
            one = frame["payment_id"] == wanted
            keys = {name: name_key(name) for name in frame["payee"].unique()} if not one.any() else {}
            frames.append(frame[one if one.any() else frame["payee"].map(keys) == name_key(wanted)])
    found = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
    return found[found["payment_id"] == wanted] if (found["payment_id"] == wanted).any() else found


def _said(plan: Plan, found: pd.DataFrame, packs: Path | None, path: Path) -> list[str]:
    bodies = sorted(found["publisher"].unique())
    lines = [line_id(row["file_id"], row["table"], row["record"]) for row in found.to_dict("records")]
    return [
        f"On the list: {path}. {len(found)} line(s) of {', '.join(bodies)} will be masked; their amounts stay in the sums.",
        *(f"  {line}" for line in lines[:20]), *(["  …"] if len(lines) > 20 else []),
        "",
        "Next:",
        f"  1. Build again, and publish: local-pound build --out {plan.out} (with the same --from).",
        "  2. Replace these assets of every earlier release; their new forms come from that build:",
        *(f"       {name}" for name in _assets(plan, bodies)),
        *_packs_said(found, packs),
        "  4. Commit the list. It holds fingerprints alone, and a day and a reason.",
    ]  # fmt: skip


def _assets(plan: Plan, bodies: Sequence[str]) -> list[str]:
    """ZIP files of releases that hold payments of some bodies: their own, and those over all."""
    try:
        packages: list[dict[str, Any]] = plan.store.read_json(f"{RELEASES}/manifest.json")["packages"]
    except (FileNotFoundError, KeyError):
        return [f"{name}.zip" for name in (*bodies, "local-pound", "suppliers")]
    mine = (*bodies, "local-pound", "suppliers")
    return sorted(
        package["zip"]["path"] for package in packages
        if "zip" in package and any(package["name"] == name or package["name"].startswith(f"{name}-2") for name in mine)
    )  # fmt: skip


def _packs_said(found: pd.DataFrame, packs: Path | None) -> list[str]:
    files = sorted(found["file_id"].unique())
    if packs is None:
        return ["  3. The published files themselves lie in the archive; name its packs with --packs to see in which:",
                *(f"       file {file}…" for file in files)]  # fmt: skip
    holding = [
        (pack["name"], file) for pack in read_index(packs)["packs"] for file in files
        if any(key.rpartition("/")[2].startswith(file) for key in pack["keys"])
    ]  # fmt: skip
    return ["  3. These archive packs hold the published files, with the name in them; keep them from the public:",
            *(f"       {name}: file {file}…" for name, file in holding)]  # fmt: skip
