"""A picture that shows nothing, in the place of one that may not be seen any more."""

import struct
import zlib
from functools import cache

_SIDE, _GREY = 320, 0xD9
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@cache
def neutral_png() -> bytes:
    """A grey square: Telegram takes no smaller pictures than a few pixels, and a message keeps the room of its own."""
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 0, 0, 0, 0)  # eight bits of grey
    row = b"\0" + bytes([_GREY]) * _SIDE
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * _SIDE, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
