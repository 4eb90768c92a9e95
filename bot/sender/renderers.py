"""All renderers of notices: importing this module declares them."""

from handlers.notices import announcement, dialogue, digest, live_card, meeting, role

__all__ = ["announcement", "dialogue", "digest", "live_card", "meeting", "role"]
