"""All renderers of notices: importing this module declares them."""

from handlers.notices import account, announcement, dialogue, digest, group, live_card, meeting, role

__all__ = ["account", "announcement", "dialogue", "digest", "group", "live_card", "meeting", "role"]
