"""Whatever people send or press: a clear sentence in their language, a way on, and nothing of anybody else."""

from collections.abc import Callable
from datetime import timedelta
from enum import EnumMeta
from typing import ClassVar, get_origin, get_type_hints

import pytest
from sqlmodel import select

from handlers import bursts, buttons
from playground.attachments import Attachment
from playground.phones import Phone
from storage.audit import AuditLine
from storage.people import Person, Role
from storage.updates import SetAsideUpdate
from tests.scenes.manners import check_manners, check_speaks_arabic, check_speaks_french
from tests.scenes.meeting_steps import at, meeting_of
from tests.scenes.stage import Person as Somebody
from tests.scenes.stage import Stage

KINDS = (
    "photo", "voice", "audio", "video", "video_note", "animation", "document", "sticker", "location", "dice", "poll",
)  # fmt: skip
WORDS = (
    "é" * 4096,
    "👩‍👩‍👧‍👦" * 300,
    "<b>&",
    "</b><script>alert(1)</script>",
    "&amp; &lt;",
    "{name} %s {0}",
    "'; DROP TABLE person; --",
    "\u202eאבג\u202c",
    "مرحبا",
    "\u200b",
    ".",
    "/",
    "/nimportequoi",
    "/truc avec des mots",
    "/start@un_autre_bot",
    "/reunions 12 <b>",
    "/profil@porte_voix_bot",
    "/équipe",
    "Bonjour, il y a un problème d'éclairage rue des Lilas",
)
NAMES = ("<3", "\u202eאבג", "&amp;", "{name}", "👩‍👩‍👧‍👦", "\u2800", "a" * 64, "Ali\nBaba", "None")


def contact(user_id: int) -> Attachment:
    details = {"phone_number": "+33600000000", "first_name": "<b>Ami", "user_id": user_id}
    return Attachment("contact", details=details)


Act = Callable[[Phone], object]


def saying(words: str) -> Act:
    return lambda phone: phone.sends(words)


def attaching(kind: str) -> Act:
    return lambda phone: phone.sends(attachment=Attachment(kind))


FILES: dict[str, Act] = {
    **{kind: attaching(kind) for kind in KINDS},
    "photo with words": lambda phone: phone.sends("légende <b>&", attachment=Attachment("photo")),
    "own contact": lambda phone: phone.sends(attachment=contact(phone.id)),
    "somebody's contact": lambda phone: phone.sends(attachment=contact(phone.id + 77)),
    "forwarded photo": lambda phone: phone.sends("oh", attachment=Attachment("photo"), forward_from="Quelqu’un <b>"),
}
ALBUM: dict[str, Act] = {
    "album": lambda phone: phone.sends_album([(Attachment("photo"), "une"), (Attachment("video"), "")]),
}
TEXTS: dict[str, Act] = {
    **{words[:40]: saying(words) for words in WORDS},
    "forwarded": lambda phone: phone.sends("transféré", forward_from="Quelqu’un <b>"),
}


OPEN_TO_ALL = {"erase", "fol", "also", "jyes"}
"""One’s own account, any council, joining itself: these do what they say."""


def every_button(number: str) -> list[str]:
    """Each button of the program, with `number` wherever it carries one."""
    made = []
    for prefix, kind in buttons._PRESSES.items():
        hints = [hint for hint in get_type_hints(kind).values() if get_origin(hint) is not ClassVar]
        values = [next(iter(hint)).value if isinstance(hint, EnumMeta) else number for hint in hints]
        data = ":".join((prefix, *values))
        if prefix not in OPEN_TO_ALL and len(data.encode()) <= buttons.LIMIT_BYTES:
            made.append(data)
    return made


async def set_aside(stage: Stage) -> list[SetAsideUpdate]:
    async with stage.database.read() as session:
        return list((await session.exec(select(SetAsideUpdate))).all())


async def all_send(stage: Stage, people: list[Somebody], acts: dict[str, Act]) -> None:
    """Each sends each of these: one answer, with a button to go on by."""
    for name, act in acts.items():
        said = [len(person.messages()) for person in people]
        for person in people:
            act(person.phone)
        await stage.quiet_moment()
        for person, before in zip(people, said, strict=True):
            assert len(person.messages()) == before + 1, (name, person.phone.first_name, person.texts()[before:])
            assert person.buttons(), (name, person.texts()[-1])


async def test_every_kind_of_message_gets_one_kind_answer_with_a_way_on(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    fatou, claire = (
        await stage.joined("Fatou", "nord", role=Role.LEAD),
        await stage.joined("Claire", role=Role.COORDINATOR),
    )
    rosa, samir = await stage.joined("Rosa", "nord"), await stage.joined("Samir", "nord", language="ar")
    omar, paul, nina = await stage.joined("Omar", "nord"), stage.person("Paul", language="de"), stage.person("Nina")
    # Out of any dialogue: Rosa, Samir in Arabic, Paul who has not joined. In the middle of one: all others.
    await nina.starts(await stage.council_link("nord"))
    await nina.taps("العربية")
    since = len(nina.messages()) - 1
    await fatou.sends("/reunion")
    await claire.sends("/equipe")
    await claire.taps("Qui est dans l’équipe")
    await claire.taps("Inviter")
    monkeypatch.setattr(bursts, "APART", timedelta(0))  # as if they waited between one thing and the next
    await all_send(stage, [rosa, samir, paul, nina, fatou, claire], TEXTS)
    await omar.sends("/profil")
    await omar.taps("Prénom")
    everybody = [rosa, samir, paul, nina, fatou, claire, omar]
    await all_send(stage, everybody, FILES)
    monkeypatch.undo()
    await stage.advance(seconds=6)
    await all_send(stage, everybody, ALBUM)

    for person in (rosa, fatou, claire, omar):
        check_speaks_french(person)
    check_speaks_arabic(samir)
    check_speaks_arabic(nina, since)
    check_speaks_french(paul)  # German is not spoken here
    assert paul.buttons() == ["Commencer"]
    assert await set_aside(stage) == []
    async with stage.database.read() as session:
        names = {each.first_name for each in (await session.exec(select(Person))).all()}
    assert names == {"Fatou", "Claire", "Rosa", "Samir", "Omar"}

    # A corrected message takes the place of what is held; a position that moves along is no correction.
    await stage.advance(seconds=6)
    sent = await rosa.sends("avant")
    await stage.advance(seconds=6)
    rosa.phone.edits(sent, "après")
    await rosa.sees("J’ai corrigé votre message")
    said = len(rosa.messages())
    await stage.advance(seconds=6)
    here = await rosa.sends(attachment=Attachment("location"))
    await stage.advance(seconds=6)
    stage.playground.world.tell_bots("edited_message", here)
    await stage.advance(seconds=6)
    assert len(rosa.messages()) == said + 1
    check_manners(stage)


async def test_names_are_shown_as_they_are_and_turn_nothing_around(stage: Stage):
    link = await stage.council_link("nord")
    people = [stage.person(name) for name in NAMES]
    for person in people:
        await person.starts(link)
        await person.taps("D’accord")
        await person.taps("15 ans ou plus")
    welcomes = [person.messages()[-1].text for person in people]
    assert "Bienvenue, <3 !" in welcomes[0].replace("\u202f", " ")
    assert "\u202e" not in "".join(welcomes), "no name turns the words behind it around"
    assert "Sans nom" in welcomes[NAMES.index("\u2800")]
    assert "Ali Baba" in welcomes[NAMES.index("Ali\nBaba")]
    check_manners(stage, words_of_people=NAMES)


async def test_forged_and_broken_buttons_open_nothing(stage: Stage):
    fatou, sami = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Sami", "sud", role=Role.LEAD)
    stranger = stage.person("Paul")
    await meeting_of(stage, fatou, title="Réunion du nord", starts_at=at(stage, 5, 18))
    await sami.sends("/menu")
    await stranger.sends("/menu")
    for person, numbers in ((sami, ("1", "9" * 12, "x<b>&")), (stranger, ("1",))):
        menu = person.messages()[-1]
        for number in numbers:
            presses = [person.phone.presses(menu, data=data) for data in every_button(number)]
            await stage.until(lambda presses=presses: all(press.answer for press in presses))
            await stage.quiet_moment()
        for data in ("", "gone:1", "v2-next:1:2", ":::", "é" * 32, "\u202e", "null", '{"a": 1}'):
            toast = await person.forges(data, on=menu)
            assert toast, data
    assert await set_aside(stage) == []
    await sami.never_sees("Fatou")  # he follows the north by now, as anybody may, and has heard of its meeting
    await stranger.never_sees("Réunion du nord")
    await stranger.never_sees("Fatou")
    async with stage.database.read() as session:
        people = (await session.exec(select(Person))).all()
        refused = [each for each in (await session.exec(select(AuditLine))).all() if each.act == "refused"]
    assert {each.first_name for each in people} == {"Fatou", "Sami"}
    assert refused, "who tries such things is on record"
    check_manners(stage)


async def test_old_buttons_after_a_restart_double_taps_and_messages_that_are_gone(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await rosa.sends("/menu")
    menu = rosa.messages()[-1]
    await stage.stop_bot()
    early = rosa.phone.presses(menu, row=0)
    await stage.start_bot()
    await stage.until(lambda: early.answer)
    await rosa.sees("réunion")
    await rosa.taps("Accueil")

    both = [rosa.phone.presses(menu, data="fol:1:1:0"), rosa.phone.presses(menu, data="fol:1:1:0")]
    await stage.until(lambda: all(each.answer for each in both))
    await stage.quiet_moment()
    assert rosa.buttons(menu).count("✅ Quartier Nord") == 1

    said = len(rosa.messages())
    press = rosa.phone.presses(menu, data="pf", inaccessible=True)  # too old for bots to see
    await stage.until(lambda: press.answer)
    await rosa.sees("Prénom : Rosa")
    assert len(rosa.messages()) == said + 1
    gone = rosa.messages()[-1]
    rosa.phone.deletes(rosa.phone.chat(), [gone.id])
    await rosa.forges("home", on=gone)
    await rosa.sees("Bonjour Rosa")
    stage.playground.world.faults.add("400", method="editMessageText", text="Bad Request: message can't be edited")
    await rosa.taps("Mon profil")
    await rosa.sees("Prénom : Rosa")
    assert rosa.messages()[-1].buttons
    check_manners(stage, refused=2)


async def test_a_flood_and_what_nobody_can_read_hold_up_nobody(stage: Stage):
    rosa, samir = await stage.joined("Rosa", "nord"), await stage.joined("Samir", "nord")
    queue, chat = stage.playground.world.first_bot().queue, rosa.phone.chat().brief()
    for number in range(60):
        rosa.phone.sends(f"message {number}")
    await samir.sends("/menu")
    await samir.sees("Bonjour Samir")
    await stage.all_delivered()
    assert 1 <= len(rosa.messages()) <= 3
    await stage.advance(seconds=6)
    await rosa.sends("et encore un")
    assert rosa.buttons()

    common = {"message_id": 9_999, "date": 1, "chat": chat, "from": rosa.phone.user()}
    queue.push("message", {**common, "hologram": {"depth": 3}})  # of a Telegram to come
    queue.push("message", {"message_id": 1, "date": 1, "chat": {"id": "?"}})
    queue.push("callback_query", {"id": "1", "from": rosa.phone.user(), "chat_instance": "1", "data": "pf"})
    await stage.advance(seconds=6)
    await rosa.sends("/profil")
    await rosa.sees("Prénom : Rosa")
    assert len(await set_aside(stage)) == 1
    check_manners(stage)
