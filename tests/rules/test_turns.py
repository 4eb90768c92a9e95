"""A row of a sweep whose turn fails keeps no other from its turn, run after run, and is told by its number alone."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlmodel import col, select, update
from structlog.testing import capture_logs
from test_interpellation_states import put

from bot.sweeps.sweeps import HOURLY, Sweep, Sweeps
from council import interpellation_reminders, interpellations
from council.interpellation_reminders import remind_awaited
from council.interpellations import look_after_interpellations
from council.mails import MailWords
from council.turns import RowFailed, each_due, each_in_turn
from storage.interpellations import Interpellation, InterpellationState
from tests.conftest import SmallProgramme

CASES = select(col(Interpellation.id)).where(col(Interpellation.title) != "Fait").order_by(col(Interpellation.id))


class Rows:
    """Interpellations whose title is to be written, one after the other; some of them cannot."""

    def __init__(self, programme: SmallProgramme, broken: set[int]) -> None:
        self.database, self.broken, self.tried = programme.database, broken, []

    async def turn(self, session, row_id: int) -> None:
        self.tried.append(row_id)
        await session.exec(update(Interpellation).where(col(Interpellation.id) == row_id).values(title="Fait"))
        if row_id in self.broken:
            raise ValueError("Rosa habite au 12")

    async def left(self) -> list[int]:
        async with self.database.read() as session:
            return list((await session.exec(CASES)).all())


async def cases(programme: SmallProgramme, how_many: int, **values) -> list[int]:
    author = await programme.person("Rosa", follows=(programme.nord,))
    state = values.pop("state", InterpellationState.DRAFT)
    return [(await put(programme, state, author, **values)).id for _ in range(how_many)]


async def test_those_behind_many_that_fail_have_their_turn_in_each_run(programme):
    ids = await cases(programme, 9)
    rows = Rows(programme, broken=set(ids[:5]))
    with pytest.raises(ExceptionGroup) as raised:
        await each_due(programme.database, CASES, rows.turn, portion=2)
    assert [each.row_id for each in raised.value.exceptions] == ids[:5]
    assert await rows.left() == [*ids[:5], *ids[7:]]  # what a failed turn had written is undone
    with pytest.raises(ExceptionGroup):
        await each_due(programme.database, CASES, rows.turn, portion=5)
    assert await rows.left() == ids[:5]
    rows.broken, rows.tried = set(), []
    assert await each_due(programme.database, CASES, rows.turn, portion=2) == 2
    assert await each_due(programme.database, CASES, rows.turn, portion=5) == 3
    assert rows.tried == ids[:5]


async def test_a_row_that_stays_due_has_one_turn_a_run(programme):
    ids = await cases(programme, 3)
    tried = []

    async def looks(_session, row_id: int) -> None:
        tried.append(row_id)

    assert await each_due(programme.database, CASES, looks, portion=7) == 3
    assert tried == ids


async def test_a_database_that_is_away_is_no_rows_fault_and_ends_the_run(programme):
    ids = await cases(programme, 3)
    tried = []

    async def away(_session, row_id: int) -> None:
        tried.append(row_id)
        raise ConnectionRefusedError

    with pytest.raises(ConnectionRefusedError):
        await each_in_turn(programme.database, ids, away)
    assert tried == ids[:1]


async def test_a_failed_row_is_logged_by_its_number_and_the_sweep_counts_as_failed(programme):
    ids = await cases(programme, 3)
    rows = Rows(programme, broken={ids[0], ids[2]})

    async def run(_context) -> None:
        await each_in_turn(programme.database, ids, rows.turn)

    sweep = Sweep("looks", HOURLY, run)
    with capture_logs() as logs:
        assert not await Sweeps(SimpleNamespace(), [sweep])._run_part(sweep)
    assert [(each["event"], each["sweep"], each["row"]) for each in logs] == [
        ("sweep_failed", "looks", ids[0]),
        ("sweep_failed", "looks", ids[2]),
    ]
    assert all(isinstance(each["exc_info"], ValueError) for each in logs)
    assert await rows.left() == [ids[0], ids[2]]


def broken_for(monkeypatch: pytest.MonkeyPatch, owner: object, step: str, row_id: int) -> None:
    """That step fails for this row."""
    original = getattr(owner, step)

    async def fails(*arguments):
        found = (*arguments, getattr(arguments[0], "row", None))
        if next(each.id for each in found if isinstance(each, Interpellation)) == row_id:
            raise ValueError("Rosa habite au 12")
        return await original(*arguments)

    monkeypatch.setattr(owner, step, fails)


async def looks(programme: SmallProgramme, ids: list[int]) -> dict[int, bool]:
    """Whether each is still to be looked at."""
    now = programme.clock.now()
    async with programme.database.read() as session:
        rows = (await session.exec(select(Interpellation).where(col(Interpellation.id).in_(ids)))).all()
    return {each.id: each.next_look_at is not None and each.next_look_at <= now for each in rows}


async def test_of_letters_that_wait_for_an_answer_one_that_fails_holds_up_no_other(programme, monkeypatch):
    now = programme.clock.now()
    dates = {"sent_at": now, "due_at": now + timedelta(days=40)}
    ids = await cases(programme, 3, state=InterpellationState.SENT, next_look_at=now, **dates)
    broken_for(monkeypatch, interpellation_reminders._Look, "done", ids[0])

    def words(_word) -> MailWords:
        return MailWords("", "")

    for _ in range(2):
        with pytest.raises(ExceptionGroup) as raised:
            await remind_awaited(
                programme.database, programme.clock, programme.settings, words, has_pages=False, portion=1
            )
        assert [type(each) for each in raised.value.exceptions] == [RowFailed]
    assert await looks(programme, ids) == {ids[0]: True, ids[1]: False, ids[2]: False}


async def test_of_cases_whose_signing_ends_one_that_fails_holds_up_no_other(programme, monkeypatch):
    now = programme.clock.now()
    ids = await cases(programme, 3, state=InterpellationState.COSIGNING, next_look_at=now, cosign_until=now)
    broken_for(monkeypatch, interpellations, "_look", ids[0])
    with pytest.raises(ExceptionGroup):
        await look_after_interpellations(programme.database, programme.clock, programme.settings)
    assert await looks(programme, ids) == {ids[0]: True, ids[1]: False, ids[2]: False}
