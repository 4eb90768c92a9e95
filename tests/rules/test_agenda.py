"""When something is due next: the clock control of the playground goes there."""

from datetime import timedelta

from promise_scenes import animator_of, asked, change
from sqlmodel import update

from council.agenda import next_event
from council.mails import write_mail
from storage.interpellations import Interpellation, InterpellationKind, InterpellationState
from storage.mails import Mail


async def ahead(programme) -> timedelta | None:
    """From now to the next event."""
    async with programme.database.read() as session:
        moment = await next_event(session, programme.clock.now(), programme.settings)
    return None if moment is None else moment - programme.clock.now()


async def test_what_an_interpellation_waits_for_is_an_event(programme):
    now = programme.clock.now()
    async with programme.database.write() as session:
        session.add(
            Interpellation(
                number="I-2026-001",
                kind=InterpellationKind.INTERPELLATION,
                state=InterpellationState.COSIGNING,
                council_id=programme.nord,
                partner_code="mairie",
                partner_name="La mairie",
                title="Ascenseur",
                next_look_at=now + timedelta(days=4),
                created_at=now,
                changed_at=now,
                request_key="test",
            )
        )
    assert await ahead(programme) == timedelta(days=4)
    programme.clock.advance(days=4)  # looked at now
    assert await ahead(programme) is None


async def test_alerts_questions_and_mails_that_wait_are_events(programme):
    await animator_of(programme, programme.nord)
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    request = await asked(programme, rosa)
    programme.clock.advance(days=1)  # what was said at once, or in the night, is past
    now = programme.clock.now()
    await change(programme, request, next_alert_at=None)
    assert await ahead(programme) == timedelta(hours=38, minutes=20), "the team's digest, on Monday at nine"
    await change(programme, request, next_alert_at=now + timedelta(hours=3))
    assert await ahead(programme) == timedelta(hours=3)
    await change(programme, request, next_feedback_at=now + timedelta(hours=2))
    assert await ahead(programme) == timedelta(hours=2)
    async with programme.database.write() as session:
        await write_mail(
            session,
            programme.clock,
            kind="support_redirected",
            subject_id=request.id,
            address="ville@exemple.fr",
            subject="Une demande",
            body="Bonjour",
            dedup_key="agenda",
        )
    assert await ahead(programme) == timedelta(hours=2)  # it leaves now
    async with programme.database.write() as session:
        await session.exec(update(Mail).values(not_before=now + timedelta(hours=1)))
    assert await ahead(programme) == timedelta(hours=1)
    await change(programme, request, next_alert_at=now, next_feedback_at=now - timedelta(hours=1))
    assert await ahead(programme) == timedelta(hours=1)
