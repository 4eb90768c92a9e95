"""Command menus: one for everybody in each language, and a longer one in the chat of who holds a role.

A menu is no right: each command checks again. What is told is remembered while the process lives; telling it anew costs
a few calls and changes nothing.
"""

from collections.abc import Sequence

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat, BotCommandScopeUnion

from bot.context import Context
from bot.inbound.source import Source
from council.actors import Actor
from handlers.cards.languages import offered_languages
from handlers.commands import RoleGroup, commands_for, group_of
from locales.translator import REFERENCE, choose_language, translator

log = structlog.get_logger("bot.menus")


class Menus:
    """Keeps Telegram's command lists in step with roles and languages."""

    def __init__(self, context: Context, bot: Bot) -> None:
        self._context = context
        self._bot = bot
        self._told: dict[int, tuple[RoleGroup, str]] = {}

    async def tell_everybody(self) -> None:
        """Every language, and one list for all other languages."""
        languages: Sequence[str | None] = (None, *offered_languages(self._context.programme))
        for language in languages:
            await self._tell(RoleGroup.EVERYBODY, language or REFERENCE, BotCommandScopeAllPrivateChats(), language)

    async def follow(self, source: Source, actor: Actor | None) -> None:
        """The menu of one person, when their roles or language differ from what was told last."""
        if actor is None or not source.in_private:
            return
        now = group_of(actor), actor.language
        everybodys = RoleGroup.EVERYBODY, choose_language(source.language, offered_languages(self._context.programme))
        if now == self._told.get(source.telegram_id, everybodys):
            return
        if now == everybodys:
            await self.forget(source)
            return
        await self._tell(*now, BotCommandScopeChat(chat_id=source.chat_id), None)
        self._told[source.telegram_id] = now

    async def forget(self, source: Source) -> None:
        """Everybody's menu again, in the language of their Telegram."""
        self._told.pop(source.telegram_id, None)
        try:
            await self._bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=source.chat_id))
        except AiogramError:
            log.warning("commands_not_told")

    async def _tell(
        self, group: RoleGroup, language: str, scope: BotCommandScopeUnion, language_code: str | None
    ) -> None:
        say = translator(language, self._context.programme.timezone)
        commands = [BotCommand(command=name, description=text) for name, text in commands_for(group, say)]
        try:
            await self._bot.set_my_commands(commands, scope=scope, language_code=language_code)
        except AiogramError:  # a proxy's page in place of an answer, too
            log.warning("commands_not_told")
