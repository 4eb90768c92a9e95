"""Everything that the program imports by and by, imported once: what is forked from here begins at once."""

import importlib

for name in ("bot.app", "bot.cli.running", "bot.inbound.inbound", "bot.sender.sender", "asyncpg", "aiosqlite"):
    importlib.import_module(name)
for feature in importlib.import_module("bot.inbound.routers").FEATURES:
    importlib.import_module(f"handlers.{feature}")
