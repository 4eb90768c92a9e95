"""Answers kept ready: those that fit, in the reader's language where there is one, with nothing left between braces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from promise_scenes import again, animator_of, change
from team_scenes import ask

from council.errors import NotAllowed, OutOfDate
from council.privacy import erase_person
from council.programme_file import programme_path, read_programme_file, shipped_programmes
from council.ready_answers import addressee_of, filled, language_of, offered, pick
from council.settings import ProgrammeSettings
from council.support_settings import FIELDS, ReadyAnswer
from council.support_sorting import RequestOver
from storage.people import Role
from storage.support import SupportKind, SupportState

ALL = ReadyAnswer(code="all", title="Bien reçu", text={"fr": "Bonjour {prenom}", "ar": "مرحباً {prenom}"})
ROOM = ReadyAnswer(code="room", title="Une salle", kinds=(SupportKind.ROOM,), text={"fr": "{conseil} : {numero}"})
RULES = ReadyAnswer(code="rules", title="Des règles", kinds=(SupportKind.RULES,), text={"fr": "{animateur}"})


def with_answers(programme, *answers: ReadyAnswer) -> ProgrammeSettings:
    settings = programme.settings
    return settings.model_copy(update={"support": settings.support.model_copy(update={"answers": answers})})


async def test_those_of_the_kind_come_first_and_those_of_other_kinds_not_at_all(programme):
    settings = with_answers(programme, ALL, RULES, ROOM)
    assert [each.code for each in offered(settings, SupportKind.ROOM)] == ["room", "all"]
    assert [each.code for each in offered(settings, SupportKind.OTHER)] == ["all"]
    assert pick(settings, SupportKind.ROOM, "room") is ROOM
    for code in ("rules", "", "?", "All"):
        with pytest.raises(NotAllowed):
            pick(settings, SupportKind.ROOM, code)


def test_who_reads_another_language_reads_it_where_it_is_translated_else_french():
    assert [language_of(ALL, each) for each in ("ar", "fr", "en", "")] == ["ar", "fr", "fr", "fr"]
    assert filled(ALL, "ar", {"prenom": "Rosa"}) == "مرحباً Rosa"


@given(st.fixed_dictionaries({name: st.text(max_size=20) for name in FIELDS}))
def test_a_name_with_braces_or_signs_fills_nothing_else(fields: dict[str, str]):
    answer = ReadyAnswer(code="x", title="x", text={"fr": "a{prenom}b{numero}c{conseil}d{animateur}e"})
    assert filled(answer, "fr", fields) == (
        f"a{fields['prenom']}b{fields['numero']}c{fields['conseil']}d{fields['animateur']}e"
    )


def test_a_name_that_looks_like_a_field_stays_a_name():
    assert filled(ALL, "fr", {"prenom": "{numero} <b>&", "numero": "D-1"}) == "Bonjour {numero} <b>&"


@pytest.mark.parametrize("name", shipped_programmes())
def test_shipped_answers_speak_every_language_of_their_programme_and_fit_into_a_message(name: str):
    settings = read_programme_file(programme_path(name))
    assert settings.support.answers
    for kind in SupportKind:
        assert offered(settings, kind), kind
    fields = dict.fromkeys(FIELDS, "x" * 64)
    for answer in settings.support.answers:
        assert set(answer.text) == set(settings.languages), answer.code
        used = [{each for each in FIELDS if f"{{{each}}}" in words} for words in answer.text.values()]
        assert all(each == used[0] for each in used), answer.code
        for language in answer.text:
            words = filled(answer, language, fields)
            assert "{" not in words
            assert len(words) < 1_000


async def test_it_is_for_who_asked_from_who_answers(programme):
    rosa = await programme.person("Rosa", follows=(programme.nord,), language="ar")
    julien = await animator_of(programme, programme.nord)
    request = await ask(programme, rosa)
    async with programme.database.read() as session:
        to = await addressee_of(session, julien, request.id)
        assert (to.first_name, to.language, to.council, to.animator) == ("Rosa", "ar", "Quartier Nord", "Julien")
        assert to.fields("votre conseil") == {
            "prenom": "Rosa",
            "conseil": "Quartier Nord",
            "animateur": "Julien",
            "numero": request.number,
        }
        lead = await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))
        for stranger in (rosa, lead):
            with pytest.raises(NotAllowed):
                await addressee_of(session, stranger, request.id)
        with pytest.raises(NotAllowed):
            await addressee_of(session, julien, 999_999)


async def test_nobody_is_answered_who_has_left_or_whose_request_has_ended(programme):
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    ali = await programme.person("Ali")
    julien = await animator_of(programme, programme.nord)
    left, over = await ask(programme, rosa), await ask(programme, ali)
    async with programme.database.write() as session:
        await erase_person(session, programme.clock, rosa)
    await change(programme, over, state=SupportState.CLOSED)
    async with programme.database.read() as session:
        with pytest.raises((OutOfDate, RequestOver)):
            await addressee_of(session, julien, left.id)
        with pytest.raises(RequestOver):
            await addressee_of(session, julien, over.id)
    assert (await again(programme, left)).person_id == rosa.person_id
