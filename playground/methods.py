"""All families of methods: importing them fills the registry."""

from . import (
    methods_bot,
    methods_chat,
    methods_copy,
    methods_edit,
    methods_forum,
    methods_media,
    methods_send,
    methods_updates,
)

__all__ = [
    "methods_bot",
    "methods_chat",
    "methods_copy",
    "methods_edit",
    "methods_forum",
    "methods_media",
    "methods_send",
    "methods_updates",
]
