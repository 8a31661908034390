"""What the bytes of an answer are: unpacked as they come, and looked at rather than believed."""

from __future__ import annotations

import re
import zlib

#: How a page begins, comments and declarations left aside; the first bytes decide, since names and content types prove
#: nothing.
PAGE = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
#: Spreadsheet programs save tables as pages; such a file is what was published.
OFFICE = b"urn:schemas-microsoft-com:office"
WALL = re.compile(rb"cookie|enable javascript|checking your browser|captcha|just a moment", re.IGNORECASE)


class Unpacking:
    """Unpacks gzip as it comes, never more than is asked for; several members, one after another, are one answer."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)

    @property
    def is_whole(self) -> bool:
        """Whether the last member came to its end."""
        return self._member.eof

    def more(self, data: bytes, most: int) -> bytes:
        """What some packed bytes hold; at most so many bytes of it."""
        parts, size = [], 0
        while data and size < most:
            if self._member.eof:
                self._member = zlib.decompressobj(31)
            part = self._member.decompress(data, most - size)
            parts.append(part)
            size += len(part)
            data = self._member.unused_data
        return b"".join(parts)


def is_page(data: bytes) -> bool:
    """Whether bytes are a web page, and not a table that a spreadsheet program saved as one."""
    head = data[:8192].lstrip(b"\xef\xbb\xbf \t\r\n")
    while head.startswith((b"<!--", b"<?")):
        _, _, head = head.partition(b"-->" if head.startswith(b"<!--") else b"?>")
        head = head.lstrip()
    if not PAGE.match(head):
        return False
    rest = data[:200_000].lower()
    table = rest.find(b"<table")
    return not (OFFICE in rest or (table >= 0 and rest.count(b"<tr", table) >= 3))
