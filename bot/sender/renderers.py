"""All renderers of notices: importing this module declares them."""

from handlers.notices import announcement, dialogue, digest, group, live_card, meeting, role

__all__ = ["announcement", "dialogue", "digest", "group", "live_card", "meeting", "role"]
