"""Links that open the bot, and their QR codes for posters and screens."""

import io

import segno

QUIET_ZONE = 4
"""Blank modules on each side, as ISO/IEC 18004 asks: without them telephones do not find the code."""
LEAST_WIDTH = 720
"""Pixels: sharp on a telephone and on a printed sheet."""


def deep_link(bot_username: str, token: str) -> str:
    """Opens the bot with a token of 1 to 64 characters of [A-Za-z0-9_-]."""
    return f"https://t.me/{bot_username}?start={token}"


def qr_png(text: str) -> bytes:
    """A PNG at least 720 pixels wide; it still reads with 15 % of it dirty or torn (level M)."""
    code = segno.make_qr(text, error="m", boost_error=False)
    modules, _ = code.symbol_size(border=QUIET_ZONE)
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=-(-LEAST_WIDTH // modules), border=QUIET_ZONE)
    return picture.getvalue()
