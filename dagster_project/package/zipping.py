"""
A package as one ZIP file with the same bytes on any machine.

Python deflates with whatever zlib it was built with, and their bytes differ. Arrow brings its own, fixed by our lock as
the one that writes Parquet, so the compressed bytes come from there and the container is written here: no times, no
attributes, names in order. Arrow's bytes do not depend on how the text comes in, so a table may be deflated while it is
written, to a gzip file that is taken into the ZIP file as it is: its text never lies on the disk.
"""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

#: Bytes of the largest ZIP file: releases on GitHub take no asset of two gibibytes. What does not fit is had by year.
LARGEST_ZIPPED = 2_000_000_000
#: Bytes of the largest file in it; the plain format has no field for more than 4 GB.
LARGEST_MEMBER = 4_000_000_000
#: Compressed already.
STORED = (".parquet", ".zip")
#: What the name of a file ends with that waits, deflated, to be taken into a ZIP file.
PACKED = ".gz"
#: The earliest day that the format can say: 1 January 1980, midnight.
NO_TIME = (0, 0x21)
_UTF8, _STORE, _DEFLATE, _VERSION = 0x800, 0, 8, 20
#: A gzip file is raw deflate between these; its trailer has the checksum and the length of the text.
_HEAD, _TAIL = 10, 8
_AT_ONCE = 1 << 20


@contextmanager
def packing(sink: Any) -> Iterator[Any]:
    """Something to write a text to that comes to `sink` as a gzip file, the same bytes however the text was cut."""
    with pa.CompressedOutputStream(pa.PythonFile(sink, "w"), "gzip") as packed:
        yield packed


def open_csv(path: Path) -> BinaryIO:
    """
    The text of a CSV file of a package, whether it lies there as it is or packed.

    Raises:
        FileNotFoundError: neither is there.
    """
    return path.open("rb") if path.exists() else gzip.open(f"{path}{PACKED}", "rb")  # type: ignore[return-value]


def write_zip(files: Iterable[tuple[str, bytes | BinaryIO]], sink: Any) -> None:
    """
    Write a ZIP file.

    Args:
        files: Name and content of each file, in the order they shall stand in. A content that is an open file goes in as
            a stream: as it is where its name is one of `STORED`, else it is a gzip file (`packing`) whose text is meant.
        sink: Anything with `write`; never read back or sought in.

    Raises:
        ValueError: it would be larger than the plain format can say.
    """
    directory, at = [], 0
    for name, content in files:
        method = _STORE if name.endswith(STORED) else _DEFLATE
        crc, packed, size, data = _stored(content) if method == _STORE else _deflated(content)
        if max(size, at + packed) >= 1 << 32:
            raise ValueError(f"a package of more than 4 GB is not zipped: {name} does not fit")
        text = name.encode()
        common = struct.pack("<HHHHHIIIHH", _VERSION, _UTF8, method, *NO_TIME, crc, packed, size, len(text), 0)
        sink.write(b"PK\x03\x04" + common + text)
        for part in data:
            sink.write(part)
        directory.append(
            b"PK\x01\x02" + struct.pack("<H", _VERSION) + common + struct.pack("<HHHII", 0, 0, 0, 0, at) + text
        )
        at += 30 + len(text) + packed
    central = b"".join(directory)
    ends = struct.pack("<HHHHIIH", 0, 0, len(directory), len(directory), len(central), at, 0)
    sink.write(central + b"PK\x05\x06" + ends)


#: Checksum, bytes in the ZIP file, bytes of the text, and what is written.
_Member = tuple[int, int, int, Iterator[bytes]]


def _stored(content: bytes | BinaryIO) -> _Member:
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    crc = size = 0
    while part := file.read(_AT_ONCE):
        crc, size = zlib.crc32(part, crc), size + len(part)
    file.seek(0)
    return crc, size, size, _parts(file, size)


def _deflated(content: bytes | BinaryIO) -> _Member:
    file: BinaryIO
    if isinstance(content, bytes):
        file = io.BytesIO()
        with packing(_Kept(file)) as packed:
            packed.write(content)
    else:
        file = content
    end = file.seek(0, io.SEEK_END)
    file.seek(end - _TAIL)
    crc, size = struct.unpack("<II", file.read(_TAIL))
    file.seek(_HEAD)
    return crc, end - _HEAD - _TAIL, size, _parts(file, end - _HEAD - _TAIL)


class _Kept(io.RawIOBase):
    """A sink that whoever writes to it may close without closing the file behind it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self._file.write(data)


def _parts(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (part := file.read(min(_AT_ONCE, size))):
        size -= len(part)
        yield part
