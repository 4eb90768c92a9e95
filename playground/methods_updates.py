"""How a bot learns what happened: itself, long polling, webhooks."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from .errors import bad_request, conflict
from .registry import Call, Encoded, method
from .webhook import Webhook

_MOST_UPDATES = 100
_LONGEST_POLL_SECONDS = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_WEBHOOK_IS_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@method("getMe")
def get_me(call: Call) -> dict[str, Any]:
    return call.bot.user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": call.bot.can_read_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getUpdates", "offset limit timeout allowed_updates")
async def get_updates(call: Call) -> Encoded:
    queue, given = call.bot.queue, call.arguments
    if call.bot.webhook is not None:
        raise conflict(_WEBHOOK_IS_SET)
    _note_wanted(call)
    queue.interrupt()
    offset = given.integer("offset")
    if offset < 0:
        queue.keep_last(-offset)
    elif offset:
        queue.confirm_below(offset)
    limit = min(max(given.integer("limit", _MOST_UPDATES), 1), _MOST_UPDATES)
    timeout = min(max(given.integer("timeout"), 0), _LONGEST_POLL_SECONDS)
    updates = await queue.some(limit, 0 if call.world.feed.closed else timeout)
    return Encoded(f"[{','.join(update.encoded for update in updates)}]")


def _note_wanted(call: Call) -> None:
    """The list of wanted updates stays until another one is given."""
    wanted = call.arguments.json("allowed_updates", list)
    if wanted is not None:
        call.bot.queue.want(str(kind) for kind in wanted)


@method("setWebhook", "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token")
def set_webhook(call: Call) -> bool:
    given = call.arguments
    url = given.text("url")
    if not url:
        return _remove_webhook(call)
    parts = urlsplit(url)
    # Telegram asks for HTTPS; on one's own machine plain HTTP must do.
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = given.text("secret_token")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _note_wanted(call)
    if given.flag("drop_pending_updates"):
        call.bot.queue.clear()
    call.bot.queue.interrupt()
    if call.bot.webhook is not None:
        call.bot.webhook.stop()
    connections = min(max(given.integer("max_connections", 40), 1), 100)
    call.bot.webhook = Webhook(call.world, call.bot, url, secret, connections)
    call.bot.webhook.start()
    return True


@method("deleteWebhook", "drop_pending_updates")
def delete_webhook(call: Call) -> bool:
    return _remove_webhook(call)


def _remove_webhook(call: Call) -> bool:
    if call.bot.webhook is not None:
        call.bot.webhook.stop()
        call.bot.webhook = None
    if call.arguments.flag("drop_pending_updates"):
        call.bot.queue.clear()
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> dict[str, Any]:
    webhook, queue = call.bot.webhook, call.bot.queue
    if webhook is None:
        return {"url": "", "has_custom_certificate": False, "pending_update_count": len(queue)}
    return webhook.info() | {"allowed_updates": sorted(queue.wanted)}


@method("logOut")
@method("close")
def log_out(call: Call) -> bool:
    return _remove_webhook(call)
