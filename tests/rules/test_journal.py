"""The journal: the audit in words, a page at a time, for the coordinator alone."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from query_plans import on_sqlite, readings, statements
from sqlmodel import select

from council import audit, journal
from council.actors import Actor
from council.errors import NotAllowed
from council.journal import (
    JournalKind,
    JournalPage,
    JournalPeriod,
    Sought,
    ask_for_table,
    journal_page,
    journal_people,
    journal_table,
    table_of,
)
from council.privacy import erase_person
from documents.journal_sheet import journal_sheet
from documents.journal_words import act_words, who_words
from handlers.cards.home import HomePress
from handlers.cards.journal import A_PAGE, JournalPress, journal_card, people_card
from locales.translator import translator
from storage.outbox import Notice
from storage.people import Role
from storage.proposals import Proposal, ProposalState
from tests.conftest import FakeClock, SmallProgramme

SAY = translator("fr")


@pytest.fixture
async def claire(programme: SmallProgramme) -> Actor:
    return await programme.person("Claire", roles=((Role.COORDINATOR, None),))


async def noted(programme: SmallProgramme, actor: Actor | None, *acts: str, subject: str = "person", **details) -> None:
    """Acts of somebody, a minute after each other."""
    for act in acts:
        programme.clock.advance(minutes=1)
        async with programme.database.write() as session:
            await audit.record(session, programme.clock, actor, act, subject, **details)


async def read(programme: SmallProgramme, actor: Actor, sought: Sought = Sought(), **where) -> JournalPage:  # noqa: B008
    async with programme.database.read() as session:
        return await journal_page(session, programme.clock, programme.settings, actor, sought, A_PAGE, **where)


def said(page: JournalPage) -> list[str]:
    return [str(act_words(SAY, each).unescape()) for each in page.lines]


async def test_pages_go_back_and_forth_and_no_line_moves_when_others_come(programme: SmallProgramme, claire: Actor):
    await noted(programme, claire, *["person.first_name_changed"] * 12)
    first = await read(programme, claire)
    assert (first.newer, first.older, len(first.lines)) == (False, True, A_PAGE)
    second = await read(programme, claire, before=first.lines[-1].id)
    await noted(programme, claire, *["person.language_changed"] * 2)
    last = await read(programme, claire, before=second.lines[-1].id)
    assert (last.newer, last.older) == (True, False)
    numbers = [each.id for page in (first, second, last) for each in page.lines]
    assert len(numbers) == 12
    assert numbers == sorted(numbers, reverse=True)
    back = await read(programme, claire, after=last.lines[0].id)
    assert back.lines == second.lines
    newest = await read(programme, claire, after=back.lines[0].id)
    assert newest.newer
    assert [each.id for each in newest.lines] == numbers[:A_PAGE]
    top = await read(programme, claire, after=newest.lines[0].id)
    assert not top.newer
    assert said(top)[:2] == ["Claire a changé de langue."] * 2


async def test_a_place_that_never_was_shows_the_latest(programme: SmallProgramme, claire: Actor):
    await noted(programme, claire, "person.joined")
    for where in ({"before": 0}, {"before": -5}, {"after": 2**62}):
        page = await read(programme, claire, **where)
        assert said(page) == ["Claire a créé son compte."]
        assert (page.newer, page.older) == (False, False)
    assert (await read(programme, claire, Sought(JournalKind.REFUSALS), before=3)).lines == ()


async def test_periods_are_days_of_the_wall_clock_and_today_is_one(programme: SmallProgramme, claire: Actor):
    clock = programme.clock
    now = clock.now()  # Monday 2 March 2026, 10:00 in Paris
    for days in (30, 29, 7, 6, 1, 0):
        clock.set(now.replace(hour=23, minute=30) - timedelta(days=days + 1))  # half past midnight in Paris
        await noted(programme, claire, "person.joined")
    clock.set(now)
    for period, days in ((JournalPeriod.TODAY, 1), (JournalPeriod.WEEK, 3), (JournalPeriod.MONTH, 5)):
        async with programme.database.read() as session:
            table = await journal_table(session, clock, programme.settings, claire, Sought(period=period))
        assert len(table.lines) == days, period


async def test_lines_are_chosen_by_kind_and_by_who_acted(programme: SmallProgramme, claire: Actor):
    fatou = await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))
    await noted(programme, fatou, "meeting.created", subject="meeting")
    await noted(programme, fatou, "council.followed", subject="council")
    await noted(programme, claire, "council.status_set", subject="council")
    await noted(programme, None, "programme.applied", subject="programme")
    for kind, words in (
        (JournalKind.MEETINGS, ["Fatou a créé une réunion."]),
        (JournalKind.ACCOUNTS, ["Fatou suit un conseil."]),
        (
            JournalKind.TEAM,
            ["Le serveur a mis à jour le programme.", "Claire a changé l’état du conseil : un conseil."],
        ),
        (JournalKind.REFUSALS, []),
    ):
        assert said(await read(programme, claire, Sought(kind))) == words
    hers = await read(programme, claire, Sought(person_id=fatou.person_id))
    assert said(hers) == ["Fatou suit un conseil.", "Fatou a créé une réunion."]
    assert said(await read(programme, claire, Sought(JournalKind.TEAM, fatou.person_id))) == []


async def test_only_who_coordinates_reads_it(programme: SmallProgramme, claire: Actor):
    others = [
        await programme.person(role.value, roles=((role, programme.nord),))
        for role in (Role.ANIMATOR, Role.LEAD, Role.MEMBER)
    ]
    others.append(await programme.person("Rosa", follows=(programme.nord,)))
    async with programme.database.write() as session:
        for each in others:
            with pytest.raises(NotAllowed):
                await journal_people(session, each)
            with pytest.raises(NotAllowed):
                await ask_for_table(session, programme.clock, each, Sought(), "update:1")
            with pytest.raises(NotAllowed):
                await journal_table(session, programme.clock, programme.settings, each, Sought())
            with pytest.raises(NotAllowed):
                await journal_page(session, programme.clock, programme.settings, each, Sought(), A_PAGE)
        assert (await session.exec(select(Notice))).all() == []


async def test_it_follows_nobody_but_who_is_or_was_of_the_team(programme: SmallProgramme, claire: Actor):
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    for number in (rosa.person_id, 0, 2**60):
        with pytest.raises(NotAllowed):
            await read(programme, claire, Sought(person_id=number))
    julien = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    await noted(programme, julien, "person.language_changed")
    async with programme.database.write() as session:
        await erase_person(session, programme.clock, julien)
    page = await read(programme, claire, Sought(person_id=julien.person_id))
    assert f"Compte effacé n° {julien.person_id} a changé de langue." in said(page)
    async with programme.database.read() as session:
        people = await journal_people(session, claire)
    card = people_card(SAY, people, 0, Sought())
    labels = [button.label for row in card.rows for button in row]
    assert labels[:3] == ["✓ Tout le monde", "Claire", f"Compte effacé n° {julien.person_id}"]


async def test_who_was_promised_that_their_name_is_not_given_is_not_named(programme: SmallProgramme, claire: Actor):
    """Nor by the choice of one person, which would be the same."""
    fatou = await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))
    await noted(programme, fatou, "proposal.reported", subject="proposal", reason="false")
    await noted(programme, fatou, "interpellation.view_written", subject="interpellation")
    await noted(programme, fatou, "proposal.supported", subject="proposal")
    page = await read(programme, claire)
    assert said(page) == [
        "Fatou soutient une proposition.",
        "Quelqu’un a écrit un avis différent sur une question.",
        "Quelqu’un a signalé une proposition.",
    ]
    assert [each.who is None for each in page.lines] == [False, True, True]
    assert said(await read(programme, claire, Sought(person_id=fatou.person_id))) == ["Fatou soutient une proposition."]


async def test_who_acted_is_told_apart_where_nobody_pressed_a_button(programme: SmallProgramme, claire: Actor):
    for act, subject, who in (
        ("refused", "NotAllowed", "Quelqu’un sans compte"),
        ("programme.applied", "programme", "Le serveur"),
        ("interpellation.answered", "interpellation", "L’institution"),
        ("interpellation.overdue", "interpellation", "Le robot"),
    ):
        await noted(programme, None, act, subject=subject)
        assert who_words(SAY, (await read(programme, claire)).lines[0]) == who


async def test_what_was_done_is_named_by_its_number_and_nothing_that_was_written_is_told(
    programme: SmallProgramme, claire: Actor
):
    now = programme.clock.now()
    async with programme.database.write() as session:
        idea = Proposal(
            number="P-2026-014", council_id=programme.nord, author_id=claire.person_id, theme="autre",
            title="Un secret",
            words="Mon secret", originals=[], state=ProposalState.RECEIVED, created_at=now, moved_at=now,
            request_key="idea",
        )  # fmt: skip
        session.add(idea)
        await session.flush()
        await audit.record(session, programme.clock, claire, "proposal.published", "proposal", idea.id)
    page = await read(programme, claire)
    card = journal_card(SAY, page, Sought(), now.date(), HomePress())
    assert card.text.splitlines()[1].endswith("<b>Claire</b> a publié P-2026-014.")
    assert "secret" not in card.text
    for language in ("en", "ar"):
        assert "P-2026-014" in journal_card(translator(language), page, Sought(), now.date(), HomePress()).text


async def test_a_card_has_five_lines_whatever_names_are_long(programme: SmallProgramme, claire: Actor):
    long = await programme.person("<b>" * 20, roles=((Role.LEAD, programme.nord),))
    await noted(programme, long, *["person.joined"] * 9)
    card = journal_card(SAY, await read(programme, claire), Sought(), programme.clock.now().date(), HomePress())
    assert len(card.text.splitlines()) == A_PAGE + 1
    assert "<b><b>" not in card.text
    assert all(button.press.pack() for row in card.rows for button in row)
    assert len(JournalPress(JournalKind.INTERPELLATIONS, 2**40, JournalPeriod.TODAY, 2**50, None).pack()) < 64


async def test_the_table_holds_the_chosen_lines_as_words(programme: SmallProgramme, claire: Actor, monkeypatch):
    forger = await programme.person("=1+1", roles=((Role.LEAD, programme.nord),))
    await noted(programme, forger, *["person.joined"] * 7)
    monkeypatch.setattr(journal, "_PORTION", 2)
    async with programme.database.write() as session:
        wanted = Sought(JournalKind.ACCOUNTS, forger.person_id)
        await ask_for_table(session, programme.clock, claire, wanted, "update:1")
        sought = table_of((await session.exec(select(Notice))).one())
        table = await journal_table(session, programme.clock, programme.settings, claire, sought)
    assert sought == wanted
    assert table.is_whole
    book = load_workbook(io.BytesIO(journal_sheet(table.lines, SAY)))
    rows = list(book.active.iter_rows())
    assert [each.value for each in rows[0]] == ["Quand", "Qui", "Ce qui a été fait", "Sur quoi", "Sujet"]
    assert len(rows) == 8
    assert [each.value for each in rows[1][1:]] == ["=1+1", "=1+1 a créé son compte.", "", "Comptes"]
    assert {each.data_type for row in rows[1:] for each in row[1:3]} == {"s"}
    assert rows[1][0].value.replace(second=0) > rows[-1][0].value.replace(second=0)
    assert "Claire a demandé le journal en tableau." in said(await read(programme, claire))
    monkeypatch.setattr(journal, "MOST_IN_TABLE", 3)
    async with programme.database.read() as session:
        cut = await journal_table(session, programme.clock, programme.settings, claire, sought)
    assert (len(cut.lines), cut.is_whole) == (3, False)
    assert cut.lines == table.lines[:3]


@on_sqlite
async def test_whatever_is_sought_the_audit_is_read_along_an_index(
    programme: SmallProgramme, claire: Actor, clock: FakeClock
):
    """And never sorted: the first page of a million lines costs what five cost."""
    for sought in (
        Sought(),
        Sought(JournalKind.TEAM),
        Sought(period=JournalPeriod.WEEK),
        Sought(JournalKind.REFUSALS, claire.person_id, JournalPeriod.MONTH),
    ):
        for where in ({}, {"before": 50}, {"after": 50}):
            async with programme.database.read() as session:
                with statements(programme.database) as asked:
                    await journal_page(session, clock, programme.settings, claire, sought, A_PAGE, **where)
                for each in [each for each in asked if "audit_line" in each[0]]:
                    plan = await (await session.connection()).exec_driver_sql(f"EXPLAIN QUERY PLAN {each[0]}", each[1])
                    steps = [row[3] for row in plan.all()]
                    assert not any("TEMP B-TREE" in step for step in steps), steps
                    assert await readings(session, each, "audit_line")
