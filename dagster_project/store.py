"""
Where bytes and tables lie: an fsspec address, a folder by default.

Writes go to a temporary name and are renamed, so that a kill at any moment leaves the last good state. Nothing here
knows what a table means.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import fsspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

#: Rows in a row group: small enough for range reads, large enough to compress. Fixed, so that bytes repeat.
ROW_GROUP = 100_000
#: What an operating system says when a disk is full, a quota reached, a file too large, or writing not allowed.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)
#: Folder of a local store for what is being written.
APART = ".parts"


class Damaged(Exception):
    """A stored file is not what was written; the message names it and says what to do."""


class CannotWrite(OSError):
    """The place where a build lies does not take more; what was there before is untouched."""

    def __init__(self, path: str, error: OSError) -> None:
        said = f"{error.strerror or error}: cannot write {path}. What was there before is untouched."
        super().__init__(
            error.errno, f"{said} Make room, or see why it cannot be written to, and build again: it goes on from here."
        )

    def __str__(self) -> str:
        return str(self.strerror)


class HashingWriter(io.RawIOBase):
    """A file to write to that counts and hashes what goes through it."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """How many bytes went through."""
        return self.size

    def write(self, data: Any) -> int:
        """Pass bytes on."""
        self._digest.update(data)
        size = len(memoryview(data))
        self.size += size
        self._out.write(data)
        return size

    @property
    def sha256(self) -> str:
        """Hash of all that was written so far."""
        return self._digest.hexdigest()


@dataclass(frozen=True)
class Store:
    """
    One address under which everything of a build lies.

    Attributes:
        url: A folder's path, or an address that fsspec knows (`memory://…`, `s3://…` with the extra installed).
    """

    url: str

    @cached_property
    def _fs(self) -> Any:
        return fsspec.core.url_to_fs(self.url)[0]

    @cached_property
    def _root(self) -> str:
        return str(fsspec.core.url_to_fs(self.url)[1]).rstrip("/")

    @property
    def is_local(self) -> bool:
        """Whether the store is a folder of this machine."""
        return "file" in self._fs.protocol

    def path(self, key: str) -> str:
        """Full path of a key within its file system."""
        return f"{self._root}/{key}"

    def exists(self, key: str) -> bool:
        """Whether something is stored under a key."""
        return os.path.exists(self.path(key)) if self.is_local else bool(self._fs.exists(self.path(key)))

    def _waiting(self, final: str) -> str:
        """
        A name to write under until the bytes are whole; the folder that they go to exists afterwards.

        It lies apart from everything that is looked at, so that what a kill leaves behind is in nobody's way.
        """
        apart = f"{self._root}/{APART}"
        os.makedirs(apart, exist_ok=True)
        os.makedirs(os.path.dirname(final), exist_ok=True)
        return f"{apart}/{uuid.uuid4().hex}"

    def read(self, key: str) -> bytes:
        """
        The bytes under a key.

        Raises:
            FileNotFoundError: nothing is stored there.
        """
        return bytes(self._fs.cat_file(self.path(key)))

    def write(self, key: str, data: bytes) -> None:
        """Store bytes under a key, whole or not at all."""
        final = self.path(key)
        if not self.is_local:
            self._fs.pipe_file(final, data)
            return
        with self._whole(final) as out:
            out.write(data)

    @contextmanager
    def _whole(self, final: str) -> Iterator[Any]:
        """A file that is there when all of it is written, and only then."""
        waiting = ""
        try:
            waiting = self._waiting(final)
            with open(waiting, "wb") as out:
                yield out
            os.replace(waiting, final)
        except BaseException as error:
            if waiting:
                Path(waiting).unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                raise CannotWrite(final, error) from error
            raise

    @contextmanager
    def writing(self, key: str) -> Iterator[HashingWriter]:
        """A stream to store something larger than memory, whole or not at all; it knows its size and hash."""
        final = self.path(key)
        if not self.is_local:
            with self._fs.open(final, "wb") as out:
                yield HashingWriter(out)
            return
        with self._whole(final) as out:
            yield HashingWriter(out)

    def create(self, key: str, data: bytes) -> bool:
        """Store bytes unless they are there already, as in an archive; whether they were new. What was cut short is not."""
        if self.exists(key) and self.size(key) == len(data):
            return False
        self.write(key, data)
        return True

    def sha256(self, key: str) -> str:
        """Hash of the bytes under a key, read as a stream."""
        with self._fs.open(self.path(key), "rb") as data:
            return hashlib.file_digest(data, "sha256").hexdigest()

    @contextmanager
    def reading(self, key: str) -> Iterator[Any]:
        """The bytes under a key as an open file, for what is larger than memory."""
        with self._fs.open(self.path(key), "rb") as data:
            yield data

    def size(self, key: str) -> int:
        """How many bytes lie under a key."""
        return int(self._fs.size(self.path(key)))

    def list(self, prefix: str) -> list[str]:
        """Keys below a prefix, sorted."""
        if not self.exists(prefix):
            return []
        found = (str(path)[len(self._root) + 1 :] for path in self._fs.find(self.path(prefix)))
        return sorted(key for key in found if not key.startswith(f"{APART}/"))

    def remove(self, key: str) -> None:
        """Remove what is stored under a key; nothing happens where nothing is."""
        if self.exists(key):
            self._fs.rm(self.path(key), recursive=True)

    @contextmanager
    def staged(self, key: str) -> Iterator[str]:
        """
        A place to write a folder to that takes the place of the one under a key when all of it is there.

        Yields the key to write below. What lay under the key stays until then; where work on it breaks off, it stays.
        On an object store, which knows no folders, the old files go before the new ones come.
        """
        apart = f"{APART}/{key}"
        self.remove(apart)
        try:
            yield apart
        except BaseException:
            self.remove(apart)
            raise
        if not self.is_local:
            self.remove(key)
            self._fs.mv(self.path(apart), self.path(key), recursive=True)
            return
        final, old = Path(self.path(key)), Path(self._waiting(self.path(key)))
        if final.exists():
            final.rename(old)
        Path(self.path(apart)).rename(final)
        self.remove(f"{APART}/{old.name}")

    def read_json(self, key: str) -> Any:
        """The JSON value under a key."""
        return json.loads(self.read(key))

    def write_json(self, key: str, value: Any) -> None:
        """Store a JSON value, keys sorted, without NaN."""
        self.write(key, json.dumps(value, sort_keys=True, allow_nan=False, ensure_ascii=False, indent=1).encode())

    def read_frame(self, key: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """
        The table under a key as a frame.

        Raises:
            Damaged: what lies there is not what was written.
            FileNotFoundError: nothing is stored there.
        """
        wanted = None if columns is None else [*columns]
        try:
            table = pq.read_table(io.BytesIO(self.read(key)), columns=wanted, page_checksum_verification=True)
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, FileNotFoundError):
                raise
            raise Damaged(f"{self.path(key)} is damaged ({error}). Build again: it is made anew.") from error
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def write_frame(self, key: str, frame: pd.DataFrame) -> None:
        """Store a frame as Parquet: zstd, fixed row groups, no index, the same bytes for the same rows."""
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        out = io.BytesIO()
        pq.write_table(table, out, compression="zstd", row_group_size=ROW_GROUP, write_page_checksum=True)
        self.write(key, out.getvalue())

    def write_batches(self, key: str, batches: pa.RecordBatchReader, like: pd.DataFrame) -> None:
        """
        Store rows that never are in memory together: the bytes that `write_frame` would write.

        Args:
            batches: The rows, in order.
            like: A frame without rows, whose columns and types the table gets.
        """
        schema = pa.Table.from_pandas(like, preserve_index=False).schema.remove_metadata()
        options = {"compression": "zstd", "write_page_checksum": True}
        with self.writing(key) as out, pq.ParquetWriter(out, schema, **options) as writer:
            for group in _groups(batches):
                writer.write_table(group.cast(schema).combine_chunks(), row_group_size=ROW_GROUP)


def _groups(batches: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The rows as tables of `ROW_GROUP` rows and a last one of fewer; one without rows where there are none."""
    held, size = batches.schema.empty_table(), 0
    for batch in batches:
        held = pa.concat_tables([held, pa.Table.from_batches([batch])])
        while len(held) >= ROW_GROUP:
            yield held.slice(0, ROW_GROUP)
            held, size = held.slice(ROW_GROUP), size + ROW_GROUP
    if len(held) or not size:
        yield held


@dataclass(frozen=True)
class NotingStore(Store):
    """
    A store that notes what is written through it.

    Attributes:
        written: Key to SHA-256 of the bytes, of what was not removed again.
    """

    written: dict[str, str] = field(default_factory=dict, compare=False)

    def write(self, key: str, data: bytes) -> None:
        """Store bytes under a key, whole or not at all."""
        super().write(key, data)
        self.written[key] = hashlib.sha256(data).hexdigest()

    @contextmanager
    def writing(self, key: str) -> Iterator[HashingWriter]:
        """A stream to store something larger than memory, whole or not at all; it knows its size and hash."""
        with super().writing(key) as out:
            yield out
        self.written[key] = out.sha256

    @contextmanager
    def staged(self, key: str) -> Iterator[str]:
        """A place to write a folder to that takes the place of the one under a key when all of it is there."""
        with super().staged(key) as apart:
            yield apart
        for name in [name for name in self.written if name.startswith(f"{apart}/")]:
            self.written[f"{key}/{name.removeprefix(f'{apart}/')}"] = self.written.pop(name)

    def remove(self, key: str) -> None:
        """Remove what is stored under a key; nothing happens where nothing is."""
        super().remove(key)
        for gone in [name for name in self.written if name == key or name.startswith(f"{key}/")]:
            del self.written[gone]


def key_of(parts: Iterable[Any]) -> str:
    """Sixteen hex digits that stand for some values in order: the key under which their result is stored."""
    text = json.dumps(list(parts), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache
def code_key(*rooms: str) -> str:
    """A key of the code of some rooms and of what they write with: changed code is changed output."""
    here = Path(__file__).parent
    digest = hashlib.sha256(f"pandas {pd.__version__} pyarrow {pa.__version__}".encode())
    for room in ("model", *rooms):
        place = here / room
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.suffix in (".py", ".sql"):
                digest.update(path.relative_to(here).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def folder_key(*folders: Path) -> str:
    """A key of every file below some folders, for declarations and templates."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.is_file()):
            if "__pycache__" not in path.parts:
                with path.open("rb") as data:  # a register may be larger than memory
                    digest.update(path.name.encode() + hashlib.file_digest(data, "sha256").digest())
    return digest.hexdigest()[:16]
