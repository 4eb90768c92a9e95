"""Everything held on a person is shown to them, and erased but for what must stay under a pseudonym."""

import asyncio
import json
import re

import pytest
from sqlalchemy import Enum
from sqlmodel import col, func, select

from council.contents import Content
from council.joining import join
from council.live_cards import LiveKind
from council.notices import NoticeKind
from council.privacy import NOT_A_PERSON, TIES, After, erase_person, export_person
from council.roles import LastCoordinator
from documents.journal_words import ACTS
from documents.my_data import my_data
from documents.my_data_words import FIELDS, OF_TABLE, SECTIONS
from handlers.cards.refusals import refusal_sentence
from locales.translator import translator
from storage.animators import Absence, AnimatorPost, AnimatorSkill
from storage.announcements import Announcement, AnnouncementAudience
from storage.audit import AuditLine
from storage.columns import Table
from storage.dialogues import Dialogue
from storage.groups import CouncilGroup, TeamGroup
from storage.interpellations import (
    AnswerWay,
    Interpellation,
    InterpellationAct,
    InterpellationAnswer,
    InterpellationEvent,
    InterpellationKind,
    InterpellationLetter,
    InterpellationOpinion,
    InterpellationSignature,
    InterpellationState,
    InterpellationVote,
    LetterState,
    LetterWay,
    Opinion,
    VoteChoice,
)
from storage.invitations import Invitation, InvitationUse
from storage.meetings import Answer, Meeting, MeetingCouncil, MeetingKind, MeetingState, Rsvp
from storage.outbox import LiveCard, Notice, NoticeState
from storage.people import Follow, Person, Role, RoleGrant
from storage.proposals import (
    Proposal,
    ProposalAct,
    ProposalEvent,
    ProposalFollower,
    ProposalReport,
    ProposalState,
    ReportReason,
)
from storage.resource_actors import ResourceActor
from storage.support import (
    ContentKind,
    SupportAct,
    SupportCopy,
    SupportEvent,
    SupportKind,
    SupportMessage,
    SupportRequest,
    SupportSide,
    SupportState,
)
from storage.tables import TABLES
from storage.updates import SetAsideUpdate

NAME = "Zéphyrine<3"


def _looks_like_a_person(column) -> bool:
    refers = any(key.column.table.name == "person" for key in column.foreign_keys)
    named = re.search(r"person|telegram_id|chat_id|user|author|phone|email", column.name)
    return bool(refers or named or (column.table.name == "person" and column.primary_key))


def test_every_column_that_leads_to_a_person_is_exported_and_erased_or_explained():
    """A table added later fails here until it stands in council.privacy.TIES, or its reason in NOT_A_PERSON."""
    leading = {f"{c.table.name}.{c.name}" for table in TABLES for c in table.__table__.c if _looks_like_a_person(c)}
    known = {tie.name for tie in TIES} | set(NOT_A_PERSON)
    assert leading == known
    assert {table.__tablename__ for table in TABLES} == set(Table.metadata.tables)


@pytest.fixture
async def zephyrine(programme):
    """Somebody who has left a trace in every table, and Marco who waits for a seat behind them."""
    actor = await programme.person(NAME, follows=(programme.nord,), roles=((Role.LEAD, programme.nord),))
    marco = await programme.person("Marco", follows=(programme.nord,))
    now = programme.clock.now()
    me, chat = actor.person_id, actor.telegram_id
    async with programme.database.write() as session:
        meetings = [
            Meeting(
                kind=MeetingKind.PLENARY, state=MeetingState.ANNOUNCED, title=title, minutes=60, place="Salle",
                starts_at=now.replace(month=month), capacity=1, announce_at=now, announced_at=now, created_at=now,
                created_by=me, request_key=title,
            )
            for title, month in (("Passée", 1), ("À venir", 5))
        ]  # fmt: skip
        session.add_all(meetings)
        await session.flush()
        past, coming = meetings[0].id, meetings[1].id
        session.add_all(MeetingCouncil(meeting_id=each, council_id=programme.nord) for each in (past, coming))
        session.add_all(
            Rsvp(meeting_id=each, person_id=me, answer=Answer.YES, answered_at=now) for each in (past, coming)
        )
        session.add(
            Rsvp(meeting_id=coming, person_id=marco.person_id, answer=Answer.YES, waiting_since=now, answered_at=now)
        )
        invitation = Invitation(
            token_hash="secret hash", role=Role.MEMBER, council_id=programme.nord, created_by=me, created_at=now
        )
        session.add(invitation)
        session.add(
            Announcement(
                audience=AnnouncementAudience.FOLLOWERS, author_id=me, words="À samedi", created_at=now,
                request_key="a",
            )
        )  # fmt: skip
        for leave in (_support, _proposals, _interpellations):
            for step in leave(programme, me, marco.person_id, chat, now):
                session.add_all(step)
                await session.flush()
        session.add_all(
            [
                InvitationUse(invitation_id=invitation.id, person_id=me, used_at=now),
                RoleGrant(person_id=marco.person_id, role=Role.MEMBER, council_id=programme.nord, granted_by=me,
                          granted_at=now),
                CouncilGroup(chat_id=-100, council_id=programme.nord, linked_by=me, linked_at=now),
                _notice("mine", me, chat, now),
                _notice("mine, sent", me, chat, now, NoticeState.SENT),
                _notice("to the chat", None, chat, now),
                LiveCard(person_id=me, chat_id=chat, message_id=1, kind="meeting", subject_id=coming, made_at=now),
                LiveCard(person_id=marco.person_id, chat_id=chat, message_id=2, kind="x", subject_id=1, made_at=now),
                Dialogue(chat_id=chat, telegram_id=chat, data={"words": NAME}, changed_at=now, expires_at=now),
                Dialogue(chat_id=-100, telegram_id=chat, changed_at=now, expires_at=now),
                Dialogue(chat_id=chat, telegram_id=marco.telegram_id, changed_at=now, expires_at=now),
                SetAsideUpdate(
                    update_id=1, telegram_id=chat, reference="R", error="E", payload={"from": {"id": chat}}, at=now
                ),
                AuditLine(at=now, person_id=me, act="meeting.announced", subject="meeting", subject_id=coming),
            ]
        )  # fmt: skip
    actor = await programme.again(chat)
    return actor, marco, past, coming


def _support(programme, me, other, chat, now) -> list[list[Table]]:
    """What somebody leaves who asked for support, and gave it."""
    asked = {"council_id": programme.nord, "kind": SupportKind.BUDGET, "created_at": now, "changed_at": now}
    mine, theirs = (
        SupportRequest(
            id=number, number=f"D-2026-00{number}", person_id=person_id, animator_id=animator_id, asked_at=now,
            state=SupportState.CLOSED, promised_at=now, calendar="", request_key=f"update:{number}", **asked,
        )
        for number, person_id, animator_id in ((1, me, other), (2, other, me))
    )  # fmt: skip
    said = {"request_id": 1, "kind": ContentKind.TEXT, "side": SupportSide.REQUESTER, "created_at": now}
    happened = {"request_id": 1, "at": now, "act": SupportAct.ASKED, "state": SupportState.RECEIVED}
    return [
        [mine, theirs],
        [
            SupportMessage(id=1, author_id=me, chat_id=-100, message_id=1, parts=["Bonjour"], **said),
            SupportMessage(id=2, author_id=other, chat_id=chat, message_id=2, parts=["Salut"], **said),
        ],
        [
            SupportCopy(chat_id=chat, message_id=3, support_message_id=2),
            SupportEvent(person_id=me, **happened),
            SupportEvent(person_id=other, other_id=me, **happened),
            AnimatorPost(person_id=me, deputy_id=other),
            AnimatorPost(person_id=other, deputy_id=me),
            AnimatorSkill(person_id=me, kind=SupportKind.BUDGET),
            Absence(person_id=me, starts_on=now.date(), ends_on=now.date(), created_by=me, created_at=now),
            Absence(person_id=other, starts_on=now.date(), ends_on=now.date(), created_by=me, created_at=now),
            ResourceActor(key="maison", name="Maison", updated_by=me, updated_at=now),
            TeamGroup(chat_id=-200, linked_by=me, linked_at=now),
        ],
    ]


def _proposals(programme, me, other, chat, now) -> list[list[Table]]:
    """What somebody leaves who proposed, supported and reported."""
    voice = Content(ContentKind.VOICE, chat, 5, file_id="voice").as_json()
    made = {"council_id": programme.nord, "theme": "autre", "created_at": now, "moved_at": now, "published_at": now}
    mine, theirs = (
        Proposal(
            id=number, number=f"P-2026-00{number}", author_id=person_id, title="Un banc", words="Un banc, svp",
            originals=originals, state=ProposalState.RECEIVED, request_key=f"idea:{number}", **made,
        )
        for number, person_id, originals in ((1, me, [voice]), (2, other, []))
    )  # fmt: skip
    happened = {"proposal_id": 1, "at": now, "act": ProposalAct.SUBMITTED, "state": ProposalState.SUBMITTED}
    return [
        [mine, theirs],
        [
            ProposalFollower(proposal_id=2, person_id=me, supports=True, since=now),
            ProposalReport(proposal_id=2, person_id=me, reason=ReportReason.FALSE, at=now),
            ProposalEvent(person_id=me, **happened),
        ],
    ]


def _interpellations(programme, me, other, chat, now) -> list[list[Table]]:
    """What somebody leaves who asked an institution, signed, voted, carried letters and told what they think of it."""
    photo = Content(ContentKind.PHOTO, chat, 6, file_id="photo").as_json()
    asked = {"council_id": programme.nord, "kind": InterpellationKind.INTERPELLATION, "partner_code": "mairie"}
    mine, theirs = (
        Interpellation(
            id=number, number=f"I-2026-00{number}", author_id=person_id, adopted_by=adopted_by, title="L’ascenseur",
            facts="Il est en panne", since="depuis mai", partner_name="La mairie", evidence=files, originals=files,
            state=InterpellationState.ANSWERED, created_at=now, changed_at=now, request_key=f"ask:{number}", **asked,
        )
        for number, person_id, adopted_by, files in ((1, me, other, [photo]), (2, other, me, []))
    )  # fmt: skip
    letter = InterpellationLetter(
        interpellation_id=1, round=1, way=LetterWay.BY_HAND, pdf=b"%PDF", sha256="0", written_by=me, created_at=now
    )
    answer = InterpellationAnswer(
        id=1, interpellation_id=1, round=1, way=AnswerWay.PAPER, signed="Le service", entered_by=me, created_at=now,
        answered_on=now.date(), request_key="answer:1",
    )  # fmt: skip
    happened = {"at": now, "act": InterpellationAct.OPENED, "state": InterpellationState.COSIGNING}
    return [
        [mine, theirs],
        [letter, answer],
        [
            InterpellationSignature(interpellation_id=2, person_id=me, shows_name=True, signed_at=now),
            InterpellationVote(interpellation_id=2, person_id=me, choice=VoteChoice.AGAINST, view=NAME, voted_at=now),
            InterpellationOpinion(answer_id=1, person_id=me, opinion=Opinion.NO, at=now),
            InterpellationEvent(interpellation_id=1, person_id=me, **happened),
        ],
    ]


def _notice(key, person_id, chat_id, now, state=NoticeState.PENDING) -> Notice:
    return Notice(
        dedup_key=key, person_id=person_id, chat_id=chat_id, kind="announcement", subject_id=1, locale="fr", priority=4,
        not_before=now, created_at=now, state=state, detail="",
    )  # fmt: skip


async def _export(programme, actor) -> dict:
    async with programme.database.read() as session:
        return await export_person(session, actor.person_id)


async def _erase(programme, actor) -> None:
    async with programme.database.write() as session:
        await erase_person(session, programme.clock, actor)


async def _everything(programme) -> dict[str, list[str]]:
    async with programme.database.read() as session:
        return {
            table.__tablename__: [row.model_dump_json() for row in (await session.exec(select(table))).all()]
            for table in TABLES
        }


async def test_the_export_holds_every_tie_and_no_secret(programme, zephyrine):
    export = await _export(programme, zephyrine[0])
    assert {name for name, rows in export["held"].items() if rows} == {tie.name for tie in TIES}
    text = json.dumps(export, ensure_ascii=False)
    assert NAME in text
    assert "secret hash" not in text
    assert "Marco" not in text


async def test_the_export_of_who_confirmed_a_vote_tells_nothing_of_the_author(programme, zephyrine):
    (row,) = (await _export(programme, zephyrine[0]))["held"]["interpellation.adopted_by"]
    assert row["number"] == "I-2026-002"
    assert not row.keys() & {"author_id", "anonymous", "originals", "evidence", "request_key"}
    (row,) = (await _export(programme, zephyrine[0]))["held"]["interpellation.author_id"]
    assert row["evidence"]
    assert "adopted_by" not in row


async def test_a_row_that_two_ties_lead_to_is_shown_once(programme, zephyrine):
    held = (await _export(programme, zephyrine[0]))["held"]
    assert [row["dedup_key"] for row in held["outbox.person_id"]] == ["mine", "mine, sent"]
    assert [row["dedup_key"] for row in held["outbox.chat_id"]] == ["to the chat"]


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
async def test_the_page_of_ones_data_is_whole_safe_and_readable_alone(programme, zephyrine, language):
    export = await _export(programme, zephyrine[0])
    files = my_data(export, translator(language), programme.clock.now(), {})
    page = files.page.decode()
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    assert page.count("<h2>") == len(TIES)
    assert "Zéphyrine&lt;3" in page
    assert "<3" not in page
    assert "Quartier Nord" in page
    assert "À venir" in page
    assert "<bdi>français</bdi>" in page
    assert not re.search(r"src=|href=|https?://|<script", page)
    assert json.loads(files.data)["held"] == export["held"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("reçue", "envoyée", "faux ou trompeur", "Propreté")),
        ("en", ("received", "sent", "false or misleading", "Cleanliness")),
        ("ar", ("النظافة",)),
    ],
)
async def test_ones_proposals_are_told_in_words_of_people(programme, zephyrine, language, words):
    export = await _export(programme, zephyrine[0])
    export["held"]["proposal.author_id"][0]["theme"] = "proprete"
    themes = {"proprete": {"fr": "Propreté", "en": "Cleanliness", "ar": "النظافة"}[language]}
    page = my_data(export, translator(language), programme.clock.now(), themes).page.decode()
    for each in words:
        assert each in page
    mine = page.split(translator(language).plain(SECTIONS["proposal.author_id"]))[1]
    theirs = mine.split(translator(language).plain(SECTIONS["interpellation.author_id"]))[0]
    for code in (*ProposalState, *ProposalAct, *ReportReason, "proprete", "proposal_id"):
        assert f"<bdi>{code}</bdi>" not in theirs
    assert theirs.count("P-2026-001") == 2, "the proposal, and what was done with it"
    assert theirs.count("P-2026-002") == 2, "what is supported, and what was reported"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Interpellation", "réponse reçue", "ouverte aux signatures", "pas encore partie", "Logement")),
        ("ar", ("وصل الرد", "السكن")),
    ],
)
async def test_ones_questions_are_told_in_words_of_people(programme, zephyrine, language, words):
    export = await _export(programme, zephyrine[0])
    export["held"]["interpellation.author_id"][0]["theme"] = "logement"
    themes = {"logement": {"fr": "Logement", "ar": "السكن"}[language]}
    page = my_data(export, translator(language), programme.clock.now(), themes).page.decode()
    for each in words:
        assert each in page, each
    mine = page.split(translator(language).plain(SECTIONS["interpellation.author_id"]))[1]
    mine = mine.split(translator(language).plain(SECTIONS["outbox.person_id"]))[0]
    for code in (*InterpellationState, *InterpellationAct, *InterpellationKind, *LetterState, "logement"):
        assert f"<bdi>{code}</bdi>" not in mine, code
    assert mine.count("I-2026-001") == 4, "the question, its letter, the answer noted, and what was done with it"
    assert mine.count("I-2026-002") == 3, "what was confirmed, signed and voted on"


def _enumerations() -> dict[tuple[str, str], set[str]]:
    """Every column of a tie whose values are words of the code, with all of them."""
    return {
        (tie.table.__tablename__, column.name): set(column.type.enums)
        for tie in TIES
        for column in tie.table.__table__.c
        if isinstance(column.type, Enum)
    }


def test_every_word_of_the_code_that_is_held_on_somebody_is_said_in_words():
    """A value or a column added later fails here until documents/my_data_words.py says what it is called."""
    said = {place: {str(each) for each in words} for place, words in OF_TABLE.items()}
    kept_as_text = {("outbox", "kind"): set(NoticeKind), ("live_card", "kind"): set(LiveKind)}
    assert said == {**_enumerations(), **kept_as_text}
    assert {column for _, column in said} <= set(FIELDS)


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
async def test_no_word_of_the_code_stands_on_the_page(programme, zephyrine, language):
    """Nor what only a program reads, but for its place in the other file."""
    export = await _export(programme, zephyrine[0])
    acts = [{"act": act, "subject": "meeting", "details": {"role": "lead", "fields": "starts_at"}} for act in ACTS]
    export["held"]["audit_line.person_id"] = [{**export["held"]["audit_line.person_id"][0], **each} for each in acts]
    export["held"]["live_card.chat_id"][0]["kind"] = LiveKind.MODERATION
    export["held"]["dialogue.telegram_id"][0]["state"] = "meeting:title"
    say = translator(language)
    page = my_data(export, say, programme.clock.now(), {}).page.decode()
    codes = set().union(*_enumerations().values(), NoticeKind, LiveKind, ACTS, {"meeting:title", "audit_line"})
    shown = set(re.findall(r"<dd>(?:<bdi>)?([^<]*)", page)) - {say.plain(each) for each in _every_word()}
    assert shown & codes == set()
    assert not re.search(r"<dd>[^<]*(?:<bdi>)?[\[{]", page), "what only machines read"
    assert "starts_at" not in page
    assert page.count(say("C’est dans le second fichier.")) == 3
    assert say.date(programme.clock.now().date()) in page


def _every_word() -> set[str]:
    return {words for each in OF_TABLE.values() for words in each.values()}


async def test_ones_acts_are_told_as_the_journal_tells_them(programme, zephyrine):
    page = my_data(await _export(programme, zephyrine[0]), translator("fr"), programme.clock.now(), {}).page.decode()
    day = translator("fr").day(programme.clock.now().replace(month=5))
    assert f"Zéphyrine&lt;3 a annoncé la réunion du {day}." in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("terminée", "Trouver ou gérer de l’argent", "demandée", "un message", "en main propre", "par lettre")),
        ("en", ("closed", "asked", "by hand", "by letter")),
        ("ar", ("باليد", "برسالة")),
    ],
)
async def test_ones_requests_and_letters_are_told_in_words_of_people(programme, zephyrine, language, words):
    page = my_data(await _export(programme, zephyrine[0]), translator(language), programme.clock.now(), {})
    for each in words:
        assert f">{each}<" in page.page.decode(), each


def test_every_tie_has_a_heading_and_every_table_of_ties_something_to_read():
    assert set(SECTIONS) == {tie.name for tie in TIES}
    unreadable = [tie.name for tie in TIES if not set(FIELDS) & set(tie.table.__table__.c.keys()) - tie.hidden]
    assert unreadable == []


async def test_after_erasure_nothing_leads_to_the_person(programme, zephyrine):
    actor, marco, past, coming = zephyrine
    await _erase(programme, actor)
    rows = await _everything(programme)
    text = json.dumps(rows, ensure_ascii=False)
    assert str(actor.telegram_id) not in text
    assert "Zéphyrine" not in text
    async with programme.database.read() as session:
        for tie in TIES:
            left = (
                await session.exec(
                    select(func.count()).select_from(tie.table).where(tie.rows_of(actor.person_id, actor.telegram_id))
                )
            ).one()
            assert bool(left) is (tie.after is After.KEPT), tie.name
        answers = (await session.exec(select(col(Rsvp.meeting_id), col(Rsvp.person_id), col(Rsvp.waiting_since)))).all()
        held = (await session.exec(select(RoleGrant).where(col(RoleGrant.person_id) == actor.person_id))).one()
        link = (await session.exec(select(Invitation))).one()
        told = (await session.exec(select(col(Notice.person_id), col(Notice.kind)))).all()
    assert set(answers) == {(past, actor.person_id, None), (coming, marco.person_id, None)}
    assert held.revoked_at == programme.clock.now()
    assert link.revoked_at == programme.clock.now()
    assert (marco.person_id, "seat_given") in told


async def test_erasing_twice_changes_nothing_more(programme, zephyrine):
    await _erase(programme, zephyrine[0])
    before = await _everything(programme)
    programme.clock.advance(hours=1)
    await _erase(programme, zephyrine[0])
    assert await _everything(programme) == before


async def test_the_account_can_join_again_as_somebody_new(programme, zephyrine):
    actor = zephyrine[0]
    await _erase(programme, actor)
    async with programme.database.write() as session:
        again = await join(session, programme.clock, actor.telegram_id, "Zoé", "fr", "1", True, ())
    assert again.person_id != actor.person_id
    assert (again.held, again.follows) == ((), frozenset())


async def test_the_last_coordinator_names_another_first(programme):
    last = await programme.person("Coco", roles=((Role.COORDINATOR, None),))
    with pytest.raises(LastCoordinator) as refusal:
        await _erase(programme, last)
    assert "d’abord" in refusal_sentence(refusal.value, translator("fr"))
    assert (await programme.again(last.telegram_id)).is_coordinator


async def test_two_last_coordinators_cannot_leave_at_the_same_time(programme):
    both = [await programme.person(name, roles=((Role.COORDINATOR, None),)) for name in ("Un", "Deux")]
    ends = await asyncio.gather(*(_erase(programme, each) for each in both), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["LastCoordinator", "NoneType"]
    async with programme.database.read() as session:
        coordinators = (
            await session.exec(select(func.count()).select_from(RoleGrant).where(col(RoleGrant.revoked_at).is_(None)))
        ).one()
        followers = (await session.exec(select(func.count()).select_from(Follow))).one()
        erased = (await session.exec(select(func.count()).where(col(Person.erased_at).is_not(None)))).one()
    assert (coordinators, followers, erased) == (1, 0, 1)
