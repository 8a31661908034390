"""
The harvest log: a row for every attempt, kept for ever, and what it adds up to.

One file a run and body, lines of JSON, written whole after each address: a kill loses the address in hand and nothing
else. Rows are never changed; what is known of each address is computed from them again at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from email.message import Message
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

Row = dict[str, Any]

#: Columns of a row, and what each means.
LOG_COLUMNS = {
    "run": "Which harvest: a day and a number.",
    "publisher": "Slug of the body whose source asked.",
    "number": "Number of the row in that run and body, from 1.",
    "purpose": "`robots`, `listing` or `file`; `list` and `end` are our own notes.",
    "url": "What was asked for.",
    "final_url": "Where the answer came from.",
    "hops": "Redirects on the way.",
    "at": "UTC.",
    "outcome": "What became of it.",
    "status": "HTTP status, 0 for no answer.",
    "elapsed": "Milliseconds.",
    "wire": "Bytes moved.",
    "bytes": "Bytes archived.",
    "sha256": "Hash under which they are archived, `` for none.",
    "headers": "The answer's headers, without cookies.",
    "error": "Words of what went wrong.",
    "last": "Whether this was the last attempt at this address in this run.",
    "text": "The link's text.",
    "page": "Where the link stood.",
    "period": "What link and name say.",
    "dataset": "Kind of data.",
    "unsure": "What did not agree.",
}


def log_key(run: str, publisher: str) -> str:
    """Where the rows of one run and body lie in the store."""
    return f"archive/harvest/log/{run}/{publisher}.jsonl"


def known_key(publisher: str) -> str:
    """Where what is known of a body's addresses lies; it can be computed from the log again."""
    return f"archive/harvest/known/{publisher}.json"


def encode(rows: Iterable[Row]) -> bytes:
    """Rows as lines of JSON."""
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows).encode()


def decode(data: bytes) -> list[Row]:
    """Rows from lines of JSON; a last line that was cut short is no row."""
    rows = []
    for line in data.decode("utf-8", "replace").splitlines():
        try:
            rows.append(json.loads(line))
        except ValueError:
            break
    return rows


def saw_all(rows: Iterable[Row]) -> bool:
    """Whether a file that was there could not be missed in a run: all was asked, and every list was had."""
    rows = list(rows)
    lists = [row for row in rows if row["purpose"] == "list"]
    return bool(lists) and not any(row["missed"] for row in lists) and any(row["purpose"] == "end" for row in rows)


#: What is asked again with, so that an unchanged file is not moved.
VALIDATORS = ("etag", "last-modified")


def learn(known: dict[str, Row], rows: Iterable[Row]) -> dict[str, Row]:
    """
    What is known of each address after some more rows of the log, in the order in which they were first had.

    Args:
        known: Address to its entry, changed in place: `name`; `editions` (each `sha256`, `bytes`, `day`);
            `validators`; `asked`, `checked` (days when it was last asked for, and was last well); `outcome`; `failed`
            (day since when it fails, `""`);
            `listed` (day when a page last led to it); `text`, `page`, `period`, `dataset`, `unsure`.
    """
    for row in rows:
        if row["purpose"] == "list":
            for url in row["urls"]:
                if url in known:
                    known[url]["listed"] = row["at"][:10]
        elif row["purpose"] in ("file", "listing") and row["last"]:
            _learn_one(known, row)
    return known


def _learn_one(known: dict[str, Row], row: Row) -> None:
    day = row["at"][:10]
    entry = known.setdefault(
        row["url"], {"purpose": row["purpose"], "editions": [], "validators": {}, "checked": "", "failed": ""}
    )
    entry["asked"] = day
    entry["outcome"] = row["outcome"]
    entry |= {key: row.get(key, "") for key in ("text", "page", "period", "dataset", "unsure")}
    if row["purpose"] == "file":
        entry["listed"] = day
    if row["outcome"] not in ("had", "unchanged"):
        entry["failed"] = entry["failed"] or day
        return
    entry |= {"checked": day, "failed": ""}
    if row["outcome"] == "unchanged":
        return
    entry["validators"] = {name: row["headers"][name] for name in VALIDATORS if name in row["headers"]}
    if not any(edition["sha256"] == row["sha256"] for edition in entry["editions"]):
        if "name" not in entry and row["purpose"] == "file":
            taken = {other.get("name") for other in known.values()}
            entry["name"] = name_of(row, taken)
        entry["editions"].append({"sha256": row["sha256"], "bytes": row["bytes"], "day": day})


def name_of(row: Mapping[str, Any], taken: Iterable[str | None]) -> str:
    """
    A file's name below its body's folder: as published, below its period where the name does not tell it.

    A name that another address of the body has already gets a folder that only this address has.
    """
    message = Message()
    message["content-disposition"] = row["headers"].get("content-disposition", "")
    name = (
        message.get_filename("") or unquote(urlsplit(row["final_url"] or row["url"]).path.rpartition("/")[2]) or "file"
    ).replace("/", "_")
    if row.get("period") and not row.get("period_in_name", True):
        name = f"{row['period']}/{name}"
    return name if name not in taken else f"{sha256(row['url'].encode()).hexdigest()[:8]}/{name}"


def manifest_of(publisher: str, known: Mapping[str, Row]) -> list[Row]:
    """
    Rows of the manifest: every edition of every file, by name; later editions of one address say so in theirs.

    Beside the manifest's own columns, `period` and `dataset` as link and name say them, and where those disagree. The
    address is the one that the page gives: where it leads to may be signed for an hour.
    """
    rows = []
    for url, entry in known.items():
        if entry["purpose"] != "file":
            continue
        for number, edition in enumerate(entry["editions"], 1):
            name = entry["name"] if number == 1 else f"edition {number}/{entry['name']}"
            rows.append(
                {
                    "publisher": publisher,
                    "name": name,
                    "sha256": edition["sha256"],
                    "bytes": edition["bytes"],
                    "retrieved": edition["day"],
                    "source_url": url,
                    "period": entry["period"],
                    "dataset": entry["dataset"],
                    "unsure": entry["unsure"],
                }
            )
    return sorted(rows, key=lambda row: row["name"])
