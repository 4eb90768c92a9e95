"""Somebody who is named in a letter erases their account while it waits: it leaves without them, or not at all."""

import pytest
from sqlmodel import select

from council.actors import Actor
from council.errors import OutOfDate
from council.interpellation_carrying import letter_file, view_unsent
from council.interpellation_sending import send_same_again
from council.mails import WITHDRAWN
from council.notices import NoticeKind
from council.privacy import erase_person
from handlers.cards.interpellation_carry import PreviewLetterPress, unsent_letter_card
from locales.translator import translator
from storage.interpellations import Interpellation, InterpellationSignature, InterpellationState, LetterState
from storage.mails import MailAttachment, MailState
from tests.conftest import SmallProgramme
from tests.mail.mail_office import MailOffice, MailServer
from tests.mail.test_letter_mail import adopted, again, drawn, fatou, letters, quick, sends, told

__all__ = ["fatou", "quick"]


async def signed(office: MailOffice, row: Interpellation, name: str = "Rosa", *, shows_name: bool = True) -> Actor:
    rosa = await office.programme.person(name, follows=(office.programme.nord,))
    signature = {"person_id": rosa.person_id, "shows_name": shows_name, "signed_at": office.clock.now()}
    async with office.programme.database.write() as session:
        session.add(InterpellationSignature(interpellation_id=row.id, **signature))
    return rosa


async def erased(office: MailOffice, actor: Actor) -> None:
    async with office.programme.database.write() as session:
        await erase_person(session, office.clock, actor)


async def attachments(programme: SmallProgramme) -> int:
    async with programme.database.read() as session:
        return len((await session.exec(select(MailAttachment.id))).all())


async def test_it_is_withdrawn_and_told_and_the_next_one_says_nothing_of_them(
    office: MailOffice, server: MailServer, fatou: Actor
):
    programme = office.programme
    row = await adopted(programme)
    rosa = await signed(office, row)
    server.answers["RCPT"] = ["451 4.3.0 later"]
    letter = await sends(programme, fatou, row)
    await office.ends(letter.mail_id, MailState.PENDING, attempts=1)
    await erased(office, rosa)
    mail = await office.ends(letter.mail_id, MailState.REFUSED)
    assert (mail.answer, mail.body) == (WITHDRAWN, "")
    (unsent,) = await letters(programme)
    assert (unsent.state, unsent.pdf) == (LetterState.NOT_SENT, b"")
    assert await attachments(programme) == 0
    assert await told(programme, NoticeKind.INTERPELLATION_UNSENT) == [fatou.person_id]
    async with programme.database.read() as session:
        view = await view_unsent(session, fatou, letter.id)
        card = unsent_letter_card(translator("fr"), view)
        assert "La lettre I-2026-001 n’est pas partie." in card.text
        assert "Elle nommait quelqu’un qui a effacé son compte." in card.text
        assert card.rows[0][0].press == PreviewLetterPress(row.id)
        with pytest.raises(OutOfDate):
            await letter_file(session, fatou, letter.id)
    assert (await drawn(programme, fatou, row)).facts.names == ()
    fresh = await sends(programme, fatou, row)
    await office.ends(fresh.mail_id, MailState.SENT)
    assert (await again(programme, row)).state is InterpellationState.SENT
    assert len(server.received) == 1


async def test_one_that_names_nobody_who_leaves_goes_its_way(office: MailOffice, server: MailServer, fatou: Actor):
    programme = office.programme
    row, other = await adopted(programme), await adopted(programme, 2)
    tom = await signed(office, row, "Tom", shows_name=False)
    rosa = await signed(office, other)
    await office.close()
    letter = await sends(programme, fatou, row)
    for each in (tom, rosa):
        await erased(office, each)
    office.open()
    await office.ends(letter.mail_id, MailState.SENT)


async def test_a_process_that_holds_it_already_does_not_send_it(office: MailOffice, server: MailServer, fatou: Actor):
    """Claimed, and not begun: the words have not left."""
    programme = office.programme
    row = await adopted(programme)
    rosa = await signed(office, row)
    await office.close()
    letter = await sends(programme, fatou, row)
    (coroutine,) = await office.mailer.claim(1)
    await erased(office, rosa)
    await coroutine
    assert server.received == []
    office.open()
    await office.ends(letter.mail_id, MailState.REFUSED)
    assert server.received == []


async def test_one_that_may_have_arrived_is_not_sent_once_more(
    office: MailOffice, server: MailServer, fatou: Actor, quick: None
):
    programme = office.programme
    row = await adopted(programme)
    rosa = await signed(office, row)
    server.answers["DATA"] = ["cut"]
    letter = await sends(programme, fatou, row)
    await office.ends(letter.mail_id, MailState.UNCERTAIN)
    await erased(office, rosa)
    async with programme.database.write() as session:
        with pytest.raises(OutOfDate):
            await send_same_again(session, office.clock, programme.settings, fatou, letter.id)
    (kept,) = await letters(programme)
    assert await attachments(programme) == 1
    assert kept.pdf  # perhaps the institution has it: it is kept as it was sent
