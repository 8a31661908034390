"""
A package as one ZIP file with the same bytes on any machine.

Python deflates with whatever zlib it was built with, and their bytes differ. Arrow brings its own, fixed by our lock as
the one that writes Parquet, so the compressed bytes come from there and the container is written here: no times, no
attributes, names in order.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

#: Larger packages are not zipped, their years are: nobody takes them in one piece, and no field here is wider.
LARGEST_ZIPPED = 2_000_000_000
#: Compressed already.
STORED = (".parquet", ".zip")
#: The earliest day that the format can say: 1 January 1980, midnight.
NO_TIME = (0, 0x21)
_UTF8, _STORE, _DEFLATE, _VERSION = 0x800, 0, 8, 20


def _deflated(data: bytes) -> bytes:
    """Raw deflate of some bytes: Arrow's gzip without its ten bytes of header and eight of trailer."""
    return bytes(pa.Codec("gzip", compression_level=6).compress(data, asbytes=True)[10:-8])


def write_zip(files: Iterable[tuple[str, bytes]], sink: Any) -> None:
    """
    Write a ZIP file.

    Args:
        files: Name and bytes of each file, in the order they shall stand in.
        sink: Anything with `write`; never read back or sought in.

    Raises:
        ValueError: it would be larger than the plain format can say.
    """
    directory, at = [], 0
    for name, data in files:
        packed = data if name.endswith(STORED) else _deflated(data)
        method = _STORE if name.endswith(STORED) else _DEFLATE
        text = name.encode()
        common = struct.pack("<HHHHHIIIHH", _VERSION, _UTF8, method, *NO_TIME, zlib.crc32(data), len(packed), len(data),
                             len(text), 0)  # fmt: skip
        sink.write(b"PK\x03\x04" + common + text)
        sink.write(packed)
        directory.append(
            b"PK\x01\x02" + struct.pack("<H", _VERSION) + common + struct.pack("<HHHII", 0, 0, 0, 0, at) + text
        )
        at += 30 + len(text) + len(packed)
        if at >= 1 << 32:
            raise ValueError(f"a package of more than 4 GB is not zipped: {name} does not fit")
    central = b"".join(directory)
    ends = struct.pack("<HHHHIIH", 0, 0, len(directory), len(directory), len(central), at, 0)
    sink.write(central + b"PK\x05\x06" + ends)
