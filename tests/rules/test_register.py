"""The public register: what is in it, what never is, and its files as other programs read them."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.errors import NotAllowed
from council.register import (
    NEVER_LISTED,
    Register,
    RegisterAnswer,
    RegisterEntry,
    RegisterStep,
    list_published,
    read_register,
)
from documents.register import SCHEMA, register_csv, register_json
from locales.translator import translator
from storage.interpellations import (
    AnswerWay,
    Interpellation,
    InterpellationAct,
    InterpellationAnswer,
    InterpellationEvent,
    InterpellationKind,
    InterpellationSignature,
    InterpellationState,
)
from storage.people import Role

FRENCH = translator("fr")
DECISIONS = {
    InterpellationAct.RETAINED,
    InterpellationAct.NOT_RETAINED,
    InterpellationAct.DIAGNOSED,
    InterpellationAct.IN_STEERING,
    InterpellationAct.IN_MUNICIPAL_COUNCIL,
    InterpellationAct.FOLLOWED_UP,
}
"""Their words are what an institution decided."""
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
EMPTY = RegisterEntry(
    number="I-2026-001",
    kind=InterpellationKind.INTERPELLATION,
    state=InterpellationState.SENT,
    title="L’ascenseur",
    theme="",
    partner="Ville d’Essai",
    facts="En panne.",
    place="",
    since="",
    tried="",
    asked="Le réparer.",
    signatures=12,
    majority_position="",
    dissenting_views=(),
    adopted_at=None,
    sent_at=NOON,
    acknowledged_at=None,
    due_at=datetime(2026, 4, 14, 21, 59, tzinfo=UTC),
    answered_at=None,
    closed_at=None,
    answers=(),
    steps=(RegisterStep(InterpellationAct.OPENED, datetime(2026, 2, 1, 23, 30, tzinfo=UTC), None, ""),),
)


def sheet_of(*entries: RegisterEntry) -> list[dict[str, str]]:
    content = register_csv(Register("nord", "Quartier Nord", entries, NOON), str, str, FRENCH)
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets tell UTF-8 by its mark"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def data_of(*entries: RegisterEntry) -> dict:
    return json.loads(register_json(Register("nord", "Quartier Nord", entries, NOON), FRENCH.timezone))


def test_the_sheet_says_what_was_asked_when_of_whom_and_how_far_it_is():
    (line,) = sheet_of(EMPTY)
    assert line["Numéro"] == "I-2026-001"
    assert line["À qui"] == "Ville d’Essai"
    assert line["État"] == "sent"
    assert line["Signatures"] == "12"
    assert line["Publiée le"] == "2026-02-02", "the day in Paris"
    assert line["Envoyée le"] == "2026-03-02"
    assert line["Réponse attendue avant le (délai local)"] == "2026-04-14"
    assert line["Réponse reçue le"] == ""


def test_the_data_says_the_same_by_its_documented_names():
    answered = replace(
        EMPTY,
        answers=(RegisterAnswer(1, date(2026, 3, 20), "Oui."),),
        steps=(*EMPTY.steps, RegisterStep(InterpellationAct.NOT_RETAINED, NOON, date(2026, 3, 1), "Hors sujet.")),
    )
    data = data_of(answered)
    assert data["schema"] == SCHEMA
    assert data["organization"] == {"id": "nord", "name": "Quartier Nord", "classification": "conseil citoyen"}
    (motion,) = data["motions"]
    assert motion["identifier"] == "I-2026-001"
    assert motion["addressee"] == {"name": "Ville d’Essai"}
    assert motion["status"] == "sent"
    assert motion["due_on"] == "2026-04-14"
    assert motion["answers"] == [{"round": 1, "date": "2026-03-20", "text": "Oui."}]
    assert motion["events"] == [
        {"classification": "opened", "date": "2026-02-02", "description": None},
        {"classification": "not_retained", "date": "2026-03-01", "description": "Hors sujet."},
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t=", "\r\n+", " ="])
def test_no_cell_is_a_formula(start: str):
    (line,) = sheet_of(replace(EMPTY, title=f'{start}HYPERLINK("http://x.example")'))
    assert line["Titre"].startswith("'")


@given(words=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_whatever_was_written_stays_in_its_cell(words: str):
    first, second = sheet_of(replace(EMPTY, facts=words), EMPTY)
    assert first["Ce qui se passe"].removeprefix("'") == words.removeprefix("'") or first["Ce qui se passe"] == words
    assert second["Ce qui se passe"] == "En panne."
    assert data_of(replace(EMPTY, facts=words))["motions"][0]["text"]["facts"] == words


async def asked(programme, author, state: InterpellationState, number: int = 1, **values) -> Interpellation:
    now = programme.clock.now()
    async with programme.database.write() as session:
        made = Interpellation(
            number=f"I-2026-{number:03d}",
            kind=InterpellationKind.INTERPELLATION,
            state=state,
            council_id=programme.nord,
            author_id=author.person_id,
            partner_code="mairie",
            partner_name="Ville d’Essai",
            title="L’ascenseur",
            facts="En panne.",
            asked="Le réparer.",
            created_at=now,
            changed_at=now + timedelta(minutes=number),
            request_key=f"rule:{number}",
            due_at=now,
            **values,
        )
        session.add(made)
    return made


@pytest.mark.parametrize("state", InterpellationState)
async def test_what_is_not_published_is_in_no_list_and_no_register(programme, rosa, state):
    made = await asked(programme, rosa, state)
    async with programme.database.read() as session:
        listed = await list_published(session, rosa, programme.nord, 0, 4)
        register = await read_register(session, programme.clock, rosa, programme.nord)
    numbers = [] if state in NEVER_LISTED else [made.number]
    assert [each.number for each in listed.rows] == numbers
    assert [each.number for each in register.entries] == numbers


async def test_the_register_names_nobody(programme, rosa):
    made = await asked(
        programme, rosa, InterpellationState.ANSWERED, majority_position="Oui.", dissenting_views=["Non."]
    )
    async with programme.database.write() as session:
        now = programme.clock.now()
        session.add(InterpellationSignature(interpellation_id=made.id, person_id=rosa.person_id, signed_at=now))
        session.add(
            InterpellationAnswer(
                interpellation_id=made.id,
                round=1,
                way=AnswerWay.PAPER,
                signed="Madame Durand",
                words="C’est réparé.",
                answered_on=now.date(),
                created_at=now,
                request_key="rule:answer",
            )
        )
        for act in InterpellationAct:
            session.add(
                InterpellationEvent(
                    interpellation_id=made.id,
                    at=now,
                    act=act,
                    state=made.state,
                    words="Le préfet a décidé." if act in DECISIONS else "Rosa l’a dit à Mme Durand.",
                )
            )
    async with programme.database.read() as session:
        register = await read_register(session, programme.clock, rosa, programme.nord)
    (entry,) = register.entries
    assert (entry.signatures, entry.majority_position, entry.dissenting_views) == (1, "Oui.", ("Non.",))
    assert entry.answers == (RegisterAnswer(1, now.date(), "C’est réparé."),)
    assert {each.act for each in entry.steps} < set(InterpellationAct)
    for content in (register_csv(register, str, str, FRENCH), register_json(register, FRENCH.timezone)):
        assert "Durand" not in content.decode()
        assert "Rosa" not in content.decode()
    assert {each.act for each in entry.steps if each.words} == DECISIONS


async def test_pages_show_what_has_moved_last_first(programme, rosa):
    for number in range(1, 8):
        await asked(programme, rosa, InterpellationState.SENT, number)
    async with programme.database.read() as session:
        first = await list_published(session, rosa, programme.nord, 0, 4)
        second = await list_published(session, rosa, programme.nord, 1, 4)
    assert [each.number[-1] for each in (*first.rows, *second.rows)] == list("7654321")
    assert (first.more, second.more) == (True, False)
    assert first.rows[0].due_at is not None


async def test_the_files_are_for_those_of_the_council_and_the_list_for_everybody(programme, rosa):
    sami = await programme.person("Sami", follows=(programme.sud,))
    member = await programme.person("Mona", roles=((Role.MEMBER, programme.nord),))
    await asked(programme, rosa, InterpellationState.SENT)
    async with programme.database.read() as session:
        assert (await list_published(session, member, programme.nord, 0, 4)).may_take
        assert len((await read_register(session, programme.clock, member, programme.nord)).entries) == 1
        other = await list_published(session, sami, programme.nord, 0, 4)
        assert (len(other.rows), other.may_take) == (1, False)
        with pytest.raises(NotAllowed):
            await read_register(session, programme.clock, sami, programme.nord)
        for reading in (
            list_published(session, rosa, 999_999, 0, 4),
            read_register(session, programme.clock, rosa, 999_999),
        ):
            with pytest.raises(NotAllowed):
                await reading
