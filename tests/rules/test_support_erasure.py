"""After an erasure nothing of what was said about a request can be read, and what is on its way shows nothing."""

import pytest
from dateutil.relativedelta import relativedelta
from promise_scenes import again, animator_of
from sqlmodel import col, select, update
from team_scenes import ask

from council import live_cards
from council.contents import Content
from council.live_cards import LiveKind
from council.notices import NoticeKind
from council.privacy import erase_person, export_person
from council.support_end import carry_out, withdraw
from council.support_erasure import forget_old_words
from council.support_relay_views import relay_view
from council.support_talk import TalkEnded, edit_message, say_to_requester, say_to_team, write_note
from documents.my_data import my_data
from locales.translator import translator
from storage.outbox import Notice
from storage.support import ContentKind, SupportMessage, SupportRequest, SupportVersion


def words(chat_id: int, message_id: int, said: str) -> Content:
    return Content(ContentKind.TEXT, chat_id, message_id, (said,))


async def test_what_was_answered_and_noted_goes_with_the_account(programme):
    julien = await animator_of(programme, programme.nord)
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    request = await ask(programme, rosa)
    clock, settings = programme.clock, programme.settings
    async with programme.database.write() as session:
        here = julien.telegram_id
        answer, note = words(here, 501, "Bonjour Rosa"), words(here, 502, "Rosa est malade")
        await say_to_requester(session, clock, settings, julien, request.id, (answer,))
        await write_note(session, clock, julien, request.id, (note,))
    async with programme.database.write() as session:
        await edit_message(session, clock, julien, words(julien.telegram_id, 501, "Bonsoir Rosa"))
        await carry_out(session, clock, settings, julien, request.id, "Rosa a sa salle")
        await erase_person(session, clock, rosa)
    async with programme.database.write() as session:  # the team forgets that it is gone
        assert await edit_message(session, clock, julien, words(julien.telegram_id, 501, "Bonsoir Mme Rosa")) is None
        with pytest.raises(TalkEnded):
            await write_note(session, clock, julien, request.id, (words(julien.telegram_id, 503, "Rosa va mieux"),))
    async with programme.database.read() as session:
        assert [each.parts for each in (await session.exec(select(SupportMessage))).all()] == [[], [], []]
        assert not (await session.exec(select(SupportVersion))).all()
    assert (await again(programme, request)).result is None


async def test_long_after_its_end_a_request_keeps_its_dates_and_loses_its_words(programme):
    julien = await animator_of(programme, programme.nord)
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    old, still_open = await ask(programme, rosa), await ask(programme, rosa)
    clock, settings = programme.clock, programme.settings
    async with programme.database.write() as session:
        await withdraw(session, clock, rosa, old.id)
    ended = clock.now()

    async def said_of(request):
        async with programme.database.read() as session:
            query = select(SupportMessage).where(col(SupportMessage.request_id) == request.id)
            return [each.parts for each in (await session.exec(query)).all()]

    for months, words_stay in ((23, True), (24, False), (25, False)):
        clock.set(ended + relativedelta(months=months))
        assert not await forget_old_words(programme.database, clock, settings)
        assert all(await said_of(old)) is words_stay
    assert all(await said_of(still_open))
    after = await again(programme, old)
    assert (after.closed_at, after.words_gone_at) == (ended, ended + relativedelta(months=24))
    assert after.animator_id == julien.person_id


async def test_what_was_on_its_way_when_the_account_was_erased_shows_nothing(programme):
    await animator_of(programme, programme.nord)
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    request = await ask(programme, rosa)
    photo = Content(ContentKind.PHOTO, rosa.telegram_id, 601, ("légende",), "a file")
    place = Content(ContentKind.LOCATION, rosa.telegram_id, 602, latitude=43.6, longitude=1.44)
    text = words(rosa.telegram_id, 603, "un secret")
    async with programme.database.write() as session:
        await say_to_team(session, programme.clock, programme.settings, rosa, request.id, (photo, place, text))
    async with programme.database.write() as session:
        await erase_person(session, programme.clock, rosa)
    async with programme.database.read() as session:
        relays = (await session.exec(select(Notice).where(col(Notice.kind) == NoticeKind.SUPPORT_RELAY))).all()
        assert len(relays) == 4
        assert [await relay_view(session, each) for each in relays] == [None] * 4


async def test_the_export_of_the_team_has_no_words_of_who_asked(programme):
    julien = await animator_of(programme, programme.nord)
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    request = await ask(programme, rosa)
    async with programme.database.write() as session:
        theirs = update(SupportRequest).where(col(SupportRequest.id) == request.id)
        await session.exec(theirs.values(theme="mon divorce", verdict="partly", face=2))
    async with programme.database.read() as session:
        held = (await export_person(session, julien.person_id))["held"]["support_request.animator_id"]
        own = (await export_person(session, rosa.person_id))["held"]["support_request.person_id"]
    assert [set(each) & {"theme", "verdict", "face", "person_id"} for each in held] == [set()]
    assert own[0]["theme"] == "mon divorce"


async def test_ones_own_words_are_readable_in_the_export(programme):
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    await ask(programme, rosa)
    async with programme.database.read() as session:
        export = await export_person(session, rosa.person_id)
    page = my_data(export, translator("fr"), programme.clock.now(), {}).page.decode()
    assert "Bonjour vous" in page
    assert "&lt;b&gt;" not in page


async def test_cards_of_requests_that_had_ended_show_no_words_any_more(programme):
    julien = await animator_of(programme, programme.nord)
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    request = await ask(programme, rosa)
    async with programme.database.write() as session:
        await withdraw(session, programme.clock, rosa, request.id)
        kind, here = LiveKind.SUPPORT, julien.telegram_id
        await live_cards.keep(session, programme.clock, julien.person_id, here, 77, kind, request.id)
    programme.clock.advance(minutes=5)
    async with programme.database.write() as session:
        await erase_person(session, programme.clock, rosa)
    async with programme.database.read() as session:
        query = select(col(Notice.detail)).where(col(Notice.kind) == NoticeKind.LIVE_CARD, col(Notice.chat_id) == here)
        assert (await session.exec(query)).all() == ["77"]
