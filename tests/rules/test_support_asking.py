"""Asking for support at the level of handlers: every question, every way round it, and what is kept of it."""

from datetime import UTC, datetime

import pytest
from phones import Phone
from sqlmodel import col, select

from handlers import dialogues, home, support, support_mine, support_verdict, unplaced
from handlers.cards.support import AddToRequestPress, MyRequestPress, WithdrawnPress, WithdrawPress
from handlers.cards.support_asking import KINDS_OF, AskCouncilPress, ForWhomPress
from handlers.cards.support_words import kind_words, state_words
from locales.translator import translator
from storage.people import Role
from storage.support import ContentKind, SupportKind, SupportMessage, SupportRequest, SupportState

ROUTERS = [each.router for each in (home, support, support_mine, support_verdict, dialogues, unplaced)]
FILE = {"file_id": "f", "file_unique_id": "f"}
VOICE = {"voice": {**FILE, "duration": 3}}
PHOTO = {"photo": [{**FILE, "width": 1, "height": 1}]}
PLACE = {"location": {"latitude": 43.6, "longitude": 1.44}}
SAY = translator("fr")


class Caller(Phone):
    """A phone whose messages have numbers of their own, as Telegram's have."""

    number = 100

    def _message(self):
        Caller.number += 1
        return {**super()._message(), "message_id": Caller.number}


@pytest.fixture
async def caller(programme):
    async def make(name="Amina", follows=(), roles=()) -> Caller:
        actor = await programme.person(name, follows=follows, roles=roles)
        return Caller(programme, ROUTERS, actor.telegram_id, name)

    return make


async def _requests(programme) -> list[SupportRequest]:
    async with programme.database.read() as session:
        return list((await session.exec(select(SupportRequest).order_by(col(SupportRequest.id)))).all())


async def _words(programme) -> list[SupportMessage]:
    async with programme.database.read() as session:
        return list((await session.exec(select(SupportMessage).order_by(col(SupportMessage.id)))).all())


async def _asks(caller: Caller, *labels: str, words: str = "Aidez-nous", begin: bool = True) -> None:
    if begin:
        await caller.types("/demande")
    for label in labels:
        await caller.taps_on(label)
    await caller.types(words)
    await caller.taps_on("C’est tout")


async def test_a_resident_with_one_council_is_asked_for_the_need_alone(programme, caller):
    amina = await caller(follows=(programme.nord,))
    await amina.types("/demande")
    assert "De quoi avez-vous besoin ?" in amina.sees
    assert len(amina.labels) <= 7
    await amina.taps_on("Une réunion")
    await amina.taps_on("Trouver une salle")
    assert "Pas de nom de famille" in amina.sees
    await amina.types("Une salle pour <b>20 & plus</b>")
    assert "J’ai gardé 1 message." in amina.sees
    programme.clock.advance(seconds=30)
    await amina.sends(**VOICE)
    assert "J’ai gardé 2 messages." in amina.sees
    await amina.taps_on("C’est tout")
    for part in ("Trouver une salle", "Quartier Nord", "&lt;b&gt;20 &amp; plus", "1 message vocal"):
        assert part in amina.sees
    await amina.taps_on("Envoyer")
    assert "C’est envoyé" in amina.sees
    (request,) = await _requests(programme)
    assert (request.kind, request.council_id, request.for_council) == (SupportKind.ROOM, programme.nord, False)
    assert [each.kind for each in await _words(programme)] == [ContentKind.TEXT, ContentKind.VOICE]
    assert amina.card.live is not None
    assert request.number in amina.sees


async def test_who_follows_no_council_names_any_or_none(programme, caller):
    amina = await caller()
    await amina.types("/demande")
    assert {"Quartier Nord", "Quartier Sud", "Je ne sais pas"} <= set(amina.labels)
    await amina.taps_on("Je ne sais pas")
    await _asks(amina, "Autre chose", begin=False)
    assert "Pour vous" in amina.sees
    await amina.taps_on("Envoyer")
    await _asks(amina, "Quartier Sud", "Autre chose")
    await amina.taps_on("Envoyer")
    assert [each.council_id for each in await _requests(programme)] == [None, programme.sud]


async def test_a_member_asks_for_themselves_or_for_their_council(programme, caller):
    lea = await caller("Léa", follows=(programme.nord, programme.sud), roles=((Role.MEMBER, programme.nord),))
    await lea.types("/demande")
    await lea.taps_on("Pour mon conseil")
    assert "De quoi avez-vous besoin ?" in lea.sees  # they sit on one council alone
    await lea.taps_on("Retour")
    await lea.taps_on("Pour moi")
    assert "Pour quel conseil ?" in lea.sees
    assert "Je ne sais pas" not in lea.labels
    await lea.taps_on("Quartier Sud")
    await _asks(lea, "Autre chose", begin=False)
    await lea.taps_on("Changer")
    await lea.taps_on("Pour qui")
    await lea.taps_on("Pour mon conseil")
    assert "Pour le conseil : Quartier Nord" in lea.sees
    await lea.taps_on("Changer")
    await lea.taps_on("Le besoin")
    await lea.taps_on("La vie du conseil")
    await lea.taps_on("Retour")
    assert "Autre chose" in lea.sees
    await lea.taps_on("Changer")
    await lea.taps_on("Le besoin")
    await lea.taps_on("La vie du conseil")
    await lea.taps_on("Relancer un conseil qui dort")
    await lea.taps_on("Envoyer")
    (request,) = await _requests(programme)
    assert (request.kind, request.council_id, request.for_council) == (
        SupportKind.WAKE_COUNCIL,
        programme.nord,
        True,
    )


async def test_a_resident_cannot_ask_for_a_council_nor_of_one_they_do_not_follow(programme, caller):
    from council.errors import NotAllowed

    amina = await caller(follows=(programme.nord, programme.sud))
    with pytest.raises(NotAllowed):
        await amina.presses(AddToRequestPress(4_000).pack())
    await amina.types("/demande")
    assert "Pour quel conseil ?" in amina.sees
    await amina.presses(ForWhomPress(True).pack())
    assert "ne marche plus" in amina.reply.toast
    for forged in (999, -1, None):
        with pytest.raises(NotAllowed):
            await amina.presses(AskCouncilPress(forged).pack())


@pytest.mark.parametrize("group", list(KINDS_OF))
async def test_no_screen_has_more_than_six_answers(programme, caller, group):
    assert len(KINDS_OF[group]) + 1 <= 6
    assert len(KINDS_OF) + 1 <= 6


def test_every_kind_is_reached_once_and_has_its_own_words():
    reached = [each for kinds in KINDS_OF.values() for each in kinds]
    assert sorted([*reached, SupportKind.OTHER]) == sorted(SupportKind)
    assert len({kind_words(each, SAY) for each in SupportKind}) == len(SupportKind)
    assert len({state_words(each, SAY) for each in SupportState}) == len(SupportState)


async def test_expertise_asks_for_the_theme_typed_or_unknown(programme, caller):
    amina = await caller(follows=(programme.nord,))
    await amina.types("/demande")
    await amina.taps_on("Trouver quelqu’un")
    await amina.taps_on("qui connaît un sujet")
    assert "Sur quel sujet ?" in amina.sees
    await amina.types("é" * 81)
    assert "moins de 80" in amina.sees
    await amina.types("Le logement")
    assert "Expliquez" in amina.sees
    await _asks(amina, begin=False)
    assert "Sujet : Le logement" in amina.sees
    await amina.taps_on("Envoyer")
    assert (await _requests(programme))[0].theme == "Le logement"


async def test_what_is_sent_at_any_step_is_kept(programme, caller):
    amina = await caller(follows=(programme.nord, programme.sud))
    await amina.types("/demande")
    await amina.sends(**VOICE)
    assert "J’ai gardé 1 message." in amina.sees
    assert "Pour quel conseil ?" in amina.sees
    await amina.taps_on("Quartier Nord")
    await amina.taps_on("Autre chose")
    assert "Voulez-vous l’envoyer ?" in amina.sees  # they have said it already


async def test_an_album_gets_one_answer_and_is_kept_whole(programme, caller):
    amina = await caller(follows=(programme.nord,))
    await amina.types("/demande")
    await amina.taps_on("Autre chose")
    answers = []
    for _ in range(5):
        await amina.sends(**PHOTO, media_group_id="7")
        answers.append(len(amina.reply.cards))
    assert answers == [1, 0, 0, 0, 0]
    programme.clock.advance(seconds=30)
    await amina.sends(**PLACE)
    assert "J’ai gardé 6 messages." in amina.sees
    await amina.taps_on("C’est tout")
    assert "5 photos et 1 lieu" in amina.sees
    await amina.taps_on("Envoyer")
    assert [each.album for each in await _words(programme)] == ["7"] * 5 + [None]


async def test_a_corrected_message_changes_the_draft_and_the_preview(programme, caller):
    amina = await caller(follows=(programme.nord,))
    await amina.types("/demande")
    await amina.taps_on("Autre chose")
    await amina.types("une sale")
    number = Caller.number
    programme.clock.advance(seconds=30)
    await amina.sends("edited_message", text="une salle", message_id=number, edit_date=1772442060)
    assert "corrigé" in amina.sees
    await amina.taps_on("C’est tout")
    assert "une salle" in amina.sees
    programme.clock.advance(seconds=30)
    await amina.sends("edited_message", text="deux salles", message_id=number, edit_date=1772442061)
    assert "deux salles" in amina.sees
    await amina.taps_on("Envoyer")
    assert [each.parts for each in await _words(programme)] == [["deux salles"]]


async def test_a_flood_is_kept_up_to_what_a_draft_holds(programme, caller):
    amina = await caller(follows=(programme.nord,))
    await amina.types("/demande")
    await amina.taps_on("Autre chose")
    for number in range(101):
        await amina.types(str(number))
    programme.clock.advance(seconds=30)
    await amina.types("encore")
    assert "J’ai gardé 100 messages. Je ne peux pas en garder plus." in amina.sees
    await amina.taps_on("C’est tout")
    await amina.taps_on("Envoyer")
    assert len(await _words(programme)) == 100


async def test_nothing_said_cannot_be_sent(programme, caller):
    amina = await caller(follows=(programme.nord,))
    await _asks(amina, "Autre chose")
    await amina.taps_on("Changer")
    await amina.taps_on("Réécrire")
    assert "C’est tout" not in " ".join(amina.labels)
    assert "Expliquez" in amina.sees


async def test_a_second_tap_on_send_does_nothing(programme, caller):
    amina = await caller(follows=(programme.nord,))
    await _asks(amina, "Autre chose")
    send = amina.button("Envoyer").press
    await amina.presses(send.pack())
    await amina.presses(send.pack())
    assert "plus ouvert" in amina.reply.toast
    assert len(await _requests(programme)) == 1


async def test_an_old_preview_shows_the_new_one(programme, caller):
    amina = await caller(follows=(programme.nord,))
    await _asks(amina, "Autre chose")
    send = amina.button("Envoyer").press
    await amina.taps_on("Ajouter")
    await amina.taps_on("C’est tout")
    await amina.presses(send.pack())
    assert "Voulez-vous l’envoyer ?" in amina.sees
    assert not await _requests(programme)


async def test_on_friday_evening_the_promise_is_dated_and_the_hours_are_said(programme, caller):
    programme.clock.set(datetime(2026, 3, 6, 17, 40, tzinfo=UTC))
    amina = await caller(follows=(programme.nord,))
    julien = await caller("Julien", roles=((Role.ANIMATOR, programme.nord),))
    await _asks(amina, "Autre chose")
    await amina.taps_on("Envoyer")
    seen = amina.sees.replace("\u00a0", " ")
    assert "Nous sommes vendredi 18 h 40." in seen
    assert "L’équipe travaille du lundi au vendredi." in seen
    assert "Julien vous répondra avant lundi 12 h." in seen
    assert julien.telegram_id


async def test_ones_own_requests_are_listed_opened_and_taken_back(programme, caller):
    from council.errors import NotAllowed

    amina = await caller(follows=(programme.nord,))
    samir = await caller("Samir", follows=(programme.nord,))
    for _ in range(8):
        await _asks(amina, "Autre chose")
        await amina.taps_on("Envoyer")
    (first, *_) = await _requests(programme)
    await amina.taps_on("Mes demandes")
    assert len([each for each in amina.labels if each.startswith("D-")]) == 6
    await amina.taps_on("Suite")
    await amina.taps_on(first.number)
    assert "Autre chose" in amina.sees
    await amina.taps_on("Retirer")
    await amina.taps_on("Oui, retirer")
    assert "retirée" in amina.sees
    await amina.presses(WithdrawnPress(first.id).pack())
    assert "a changé" in amina.reply.toast
    await amina.taps_on("Mes demandes")
    assert "Mes demandes passées" in amina.sees
    for press in (MyRequestPress, WithdrawPress, WithdrawnPress, AddToRequestPress):
        with pytest.raises(NotAllowed):
            await samir.presses(press(first.id).pack())


async def test_what_is_sent_out_of_any_dialogue_is_held_and_becomes_a_request(programme, caller):
    amina = await caller(follows=(programme.nord,))
    await amina.sends(**VOICE)
    assert "Que voulez-vous en faire ?" in amina.sees
    programme.clock.advance(seconds=30)
    await amina.types("et ceci")
    assert "J’ai gardé 2 messages." in amina.sees
    await amina.taps_on("Demander un appui")
    await amina.taps_on("Autre chose")
    assert "et ceci" in amina.sees
    assert "1 message vocal" in amina.sees
    await amina.taps_on("Envoyer")
    (request,) = await _requests(programme)
    assert len(await _words(programme)) == 2
    await amina.sends(**PHOTO)
    await amina.taps_on(request.number)
    assert f"ajouté à la demande {request.number}" in amina.sees
    assert len(await _words(programme)) == 3


async def test_what_is_held_is_let_go_and_the_draft_behind_it_comes_back(programme, caller):
    from council import dialogues as left_open

    amina = await caller(follows=(programme.nord,))
    await amina.types("/demande")
    await amina.taps_on("Autre chose")
    await amina.types("mon début")
    programme.clock.advance(hours=25)
    await left_open.pause_expired(programme.database, programme.clock)
    await amina.types("oui")
    assert "Que voulez-vous en faire ?" in amina.sees
    await amina.taps_on("Rien")
    assert "J’ai gardé 1 message." in amina.sees
    await amina.taps_on("C’est tout")
    assert "mon début" in amina.sees


async def test_a_corrected_message_changes_what_is_held(programme, caller):
    amina = await caller(follows=(programme.nord,))
    await amina.types("une sale")
    number = Caller.number
    programme.clock.advance(seconds=30)
    await amina.sends("edited_message", text="une salle", message_id=number, edit_date=1772442060)
    await amina.taps_on("Demander un appui")
    await amina.taps_on("Autre chose")
    assert "une salle" in amina.sees
