"""The real program killed while it sends e-mail: nothing is lost, and nothing is sent again without a person's word."""

import random
import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import col, select

from council.mails import write_mail
from playground.server import Playground
from storage.mails import Mail, MailState
from tests.conftest import SmallProgramme
from tests.delivery.test_delivery_crash import Program, _as_people_write_it
from tests.mail.mail_office import MailServer, SlowMailServer

MAILS = 60
KILLS = 6
LEASE = 301  # seconds after which a lease is over


async def rows(programme: SmallProgramme) -> list[Mail]:
    async with programme.database.read() as session:
        return list((await session.exec(select(Mail).order_by(col(Mail.id)))).all())


@pytest.fixture
async def server():
    made = SlowMailServer()
    await made.start()
    yield made
    await made.stop()


async def test_killed_at_many_points(
    programme: SmallProgramme, database_url_fixture: str, server: MailServer, tmp_path: Path
):
    draws = random.Random(20260304)
    async with Playground() as playground:
        playground.world.add_bot("4200000009:token", username="porte_voix_bot")
        programme.clock.set(playground.world.clock.now())
        async with programme.database.write() as session:
            for each in range(MAILS):
                await write_mail(
                    session,
                    programme.clock,
                    kind="test",
                    subject_id=each,
                    address="mairie@ville.example",
                    subject=f"Lettre {each}",
                    body="Bonjour\n",
                    dedup_key=f"crash:{each}",
                )
        program = await Program.with_settings(
            tmp_path / "program.log",
            BOT_TOKEN="4200000009:token",
            BOT_API_URL=playground.url,
            DATABASE_URL=_as_people_write_it(database_url_fixture),
            LISTEN="127.0.0.1:0",
            CLOCK_URL=f"{playground.url}/playground/clock",
            ROLES="sender,sweeps",
            SMTP_URL=server.url,
            MAIL_FROM="a@b.example",
        )
        for _ in range(KILLS):
            await program.start()
            await server.until_came(draws.randint(2, MAILS // KILLS), lambda: not program.has_ended)
            assert await program.end(signal.SIGKILL) == -signal.SIGKILL
            playground.world.clock.advance(LEASE)
        await program.start()
        await server.until_quiet(programme, lambda: not program.has_ended)
        assert await program.end(signal.SIGTERM) == 0, program.log.read_text()
        await program.clear()

    came = Counter(str(each.letter["Subject"]) for each in server.received)
    for mail in await rows(programme):
        assert mail.state in {MailState.SENT, MailState.UNCERTAIN}
        assert came[mail.subject] == 1 if mail.state is MailState.SENT else came[mail.subject] <= 1
    # A kill leaves in doubt at most what was on the wire at that moment.
    assert len([each for each in await rows(programme) if each.state is MailState.UNCERTAIN]) <= KILLS * 3
    assert "ville.example" not in program.log.read_text()
    assert "Lettre" not in program.log.read_text()
