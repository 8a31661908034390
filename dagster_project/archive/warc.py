"""The archive in the form that web archives read (WARC 1.1, ISO 28500), from the log and the archived bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any, BinaryIO
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

#: What no longer describes the bytes that are kept: they were unpacked.
REPLACED = ("content-encoding", "transfer-encoding", "content-length")
UNCHANGED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def write_warc(out: BinaryIO, rows: Iterable[Mapping[str, Any]], read: Callable[[str], bytes], software: str) -> int:
    """
    Write every answer whose bytes are kept, and every 'not changed', as records.

    Args:
        rows: Rows of the log.
        read: The archived bytes under a hash.
        software: Said in the first record.

    Returns:
        How many records were written beside the first.
    """
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    count, first = 0, True
    for row in rows:
        kept = bool(row.get("sha256"))
        if row["purpose"] not in ("file", "listing", "robots") or not (kept or row["status"] == 304):
            continue
        if first:
            info = writer.create_warcinfo_record(
                "harvest.warc.gz", {"software": software, "format": "WARC File Format 1.1"}
            )
            info.rec_headers.replace_header("WARC-Date", row["at"])
            info.rec_headers.replace_header("WARC-Record-ID", record_id("warcinfo", row["at"]))
            writer.write_record(info)
            first = False
        writer.write_record(_record(writer, row, read(row["sha256"]) if kept else b""))
        count += 1
    return count


def _record(writer: WARCWriter, row: Mapping[str, Any], data: bytes) -> Any:
    headers = [(f"X-Archive-Orig-{n}" if n in REPLACED else n, v) for n, v in row["headers"].items()]
    said = StatusAndHeaders(f"{row['status']} ", [*headers, ("Content-Length", str(len(data)))], protocol="HTTP/1.1")
    extra = {"WARC-Date": row["at"], "WARC-Record-ID": record_id(row["url"], row["at"], row.get("sha256", ""))}
    if row["status"] == 304:
        extra["WARC-Profile"] = UNCHANGED
    return writer.create_warc_record(
        row["final_url"] or row["url"], "revisit" if row["status"] == 304 else "response", payload=BytesIO(data),
        length=len(data), http_headers=said, warc_headers_dict=extra,
    )  # fmt: skip


def record_id(*parts: str) -> str:
    """The same record has the same id whenever it is written."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, ' '.join(parts))}>"
