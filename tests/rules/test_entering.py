"""The bot is added somewhere: it says why it is there where people talk, and nothing where they only read."""

from aiogram.types import ChatMemberAdministrator
from phones import Phone

from handlers import groups, unplaced
from handlers.cards.card import SILENCE
from storage.people import Role

ROUTERS = [each.router for each in (groups, unplaced)]
BOT = {"id": 42, "is_bot": True, "first_name": "Porte-voix"}
LEFT, MEMBER = ({"status": status, "user": BOT} for status in ("left", "member"))
POWERS = {name: False for name, field in ChatMemberAdministrator.model_fields.items() if field.is_required()}
ADMINISTRATOR = {**POWERS, "status": "administrator", "user": BOT}


async def test_it_speaks_first_in_groups_and_never_in_channels(programme):
    fatou = await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))
    phone = Phone(programme, ROUTERS, fatou.telegram_id)
    for number, kind in enumerate(("group", "supergroup", "channel"), 1):
        phone.chat = {"id": -number, "type": kind, "title": "Les Izards"}
        for became in (MEMBER, ADMINISTRATOR):
            await phone.sends("my_chat_member", old_chat_member=LEFT, new_chat_member=became)
            assert phone.labels == ([] if kind == "channel" else ["Relier ce groupe au conseil"]), (kind, became)
        await phone.sends("my_chat_member", old_chat_member=MEMBER, new_chat_member=ADMINISTRATOR)
        assert phone.reply == SILENCE, "it was there already"
