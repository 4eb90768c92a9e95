"""Templates in French, which escape all they are given, and the headers that every answer of ours carries."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.context import Context
from locales.translator import REFERENCE, Translator, translator

_STYLE = Markup((files(__package__) / "templates" / "style.css").read_text("utf-8"))
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("bot.partner_pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def speaker(context: Context) -> Translator:
    """Institutions are written to in the language of reference."""
    return translator(REFERENCE, context.programme.timezone)


def page(
    context: Context, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: object
) -> web.Response:
    """One HTML page; `values` go to the template, which escapes them."""
    text = (
        _templates()
        .get_template(template)
        .render(
            say=speaker(context),
            style=_STYLE,
            programme=context.programme.name,
            controller=context.programme.controller,
            **values,
        )
    )
    return web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers={**HEADERS, **(headers or {})}
    )
