"""A letter is seen and sent to a real mail server, or carried by hand; nothing counts as sent before it has arrived."""

import asyncio
import hashlib
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlmodel import col, select

from bot.mailer import smtp
from council.contents import Content
from handlers.cards.interpellation import CarryPress, SignNamePress
from handlers.cards.interpellation_bounce import CameBackYesPress
from handlers.cards.interpellation_carry import (
    FollowUpWordsPress,
    HandedPress,
    LetterFilePress,
    PreviewLetterPress,
    PrintLetterPress,
    ProofPress,
    SameAgainPress,
    SendLetterPress,
)
from handlers.cards.interpellation_time import ExtendByPress, ExtendPress, WhyDatePress
from playground.attachments import sample
from storage.interpellations import (
    Interpellation,
    InterpellationAct,
    InterpellationKind,
    InterpellationLetter,
    InterpellationState,
    LetterState,
    LetterWay,
)
from storage.mails import Mail
from storage.people import Role
from storage.support import ContentKind
from tests.mail.mail_office import MailServer
from tests.scenes.interpellation_steps import LANDLORD, PREFECTURE, adopted, again, events_of, with_partners
from tests.scenes.letter_steps import Partner, with_pages
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage

S, A = InterpellationState, InterpellationAct


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    made = MailServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who hangs is given up soon."""
    monkeypatch.setattr(smtp, "TALK_TIMEOUT", 0.3)
    monkeypatch.setattr(smtp, "DATA_TIMEOUT", 0.3)


async def a_case(stage: Stage, **changes: object) -> tuple[Interpellation, Person, Person]:
    """An adopted interpellation, its lead and its animator. Rosa wrote it; Ali, a member, and Samir signed or voted."""
    await with_partners(stage)
    rosa = await stage.joined("Rosa", "nord")
    samir = await stage.joined("Samir", "nord")
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    ali = await stage.joined("Ali", "nord", role=Role.MEMBER)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    if changes.get("kind") is InterpellationKind.SAISINE:
        await with_partners(stage, saisine_signatures=2)
    case = await adopted(stage, rosa, samir, fatou, ali, **changes)
    return case, fatou, julien


def photo(stage: Stage, words: str = "") -> Content:
    """One that Telegram holds."""
    file = stage.playground.world.files.add("photo", sample("photo"))
    return Content(ContentKind.PHOTO, 1, 2, (words,) if words else (), file.file_id)


def document(stage: Stage, name: str, content: bytes, words: str = "") -> Content:
    file = stage.playground.world.files.add("document", content, name)
    return Content(ContentKind.DOCUMENT, 1, 2, (words,) if words else (), file.file_id)


async def posted_to(stage: Stage, server: MailServer) -> None:
    """From now on this server takes the mail."""
    await stage.stop_bot()
    await stage.start_bot(smtp_url=server.url)


async def menu(person: Person, case: Interpellation) -> None:
    await person.sends("/menu")
    await person.forges(CarryPress(case.id).pack(), on=person.messages()[-1])


async def sends_letter(person: Person, case: Interpellation) -> None:
    await menu(person, case)
    await person.taps("Voir et envoyer la lettre")
    await person.sees("Voici la lettre, comme elle partira")
    await person.taps("Envoyer")
    await person.sees("La lettre part vers mairie@ville.example")


async def letters(stage: Stage) -> list[InterpellationLetter]:
    async with stage.database.read() as session:
        return list((await session.exec(select(InterpellationLetter).order_by(col(InterpellationLetter.id)))).all())


async def mail_rows(stage: Stage, kind: str = "interpellation_letter") -> list[Mail]:
    async with stage.database.read() as session:
        return list((await session.exec(select(Mail).where(col(Mail.kind) == kind).order_by(col(Mail.id)))).all())


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


async def test_a_lead_sees_the_letter_and_sends_it(stage: Stage, server: MailServer):
    gone = Content(ContentKind.PHOTO, 1, 3, file_id="nobody knows it any more")
    case, fatou, julien = await a_case(stage, evidence=(photo(stage, "Le hall en mars"), gone))
    await posted_to(stage, server)
    await menu(fatou, case)
    await fatou.sees("adoptée, pas encore envoyée")
    await fatou.taps("Voir et envoyer la lettre")
    shown = await fatou.sees("Voici la lettre, comme elle partira", "Ville d’Essai", "mairie@ville.example")
    await fatou.sees("Je n’ai pas pu joindre 1 fichier.")
    assert shown.body["document"]["file_name"] == f"Lettre {case.number}.pdf"
    assert server.received == []
    await fatou.taps("Envoyer", on=shown)
    await fatou.sees("compte comme envoyée quand elle est arrivée")
    await stage.all_delivered()

    (got,) = server.received
    assert got.recipients == ["mairie@ville.example"]
    assert got.letter["Subject"] == f"Interpellation {case.number} du conseil citoyen Quartier Nord"
    (file,) = got.letter.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == (f"Lettre {case.number}.pdf", "application/pdf")
    (letter,) = await letters(stage)
    assert letter.pdf == file.get_content()
    assert letter.sha256 == hashlib.sha256(file.get_content()).hexdigest()
    for part in (case.number, "Ville d’Essai", "L’ascenseur du 12 est en panne.", "Réparer l’ascenseur.", "Rue Haute"):
        assert part in words_of(letter.pdf), part
    assert "Ont choisi d’apparaître par leur prénom : Rosa." in words_of(letter.pdf)
    assert "Samir" not in words_of(letter.pdf)
    assert "Pièce 1 Le hall en mars" in words_of(letter.pdf)
    assert [len(page.images) for page in PdfReader(io.BytesIO(letter.pdf)).pages] == [0, 1]
    body = got.letter.get_body(("plain",))
    assert body is not None
    assert "/r/" not in body.get_content()
    assert "1 photo ou papier est à la fin de la lettre." in body.get_content()
    assert "1 document n’a pas pu être joint." in body.get_content()
    now = await again(stage, case)
    assert (now.state, now.round, letter.state) == (S.SENT, 1, LetterState.SENT)
    assert now.sent_at is not None
    assert now.due_at is not None
    for name in ("Rosa", "Samir", "Fatou"):
        await stage.people[name].sees("La lettre est partie")
    await menu(julien, case)
    await julien.taps("Preuve d’envoi")
    (mail,) = await mail_rows(stage)
    await julien.sees("Preuve d’envoi", mail.message_header, "250 2.0.0 queued as 42", letter.sha256)
    await julien.taps("La lettre")
    await julien.sees(f"La lettre {case.number}")
    check_manners(stage, refused=2)  # the file that is gone, seen and sent


async def test_on_paper_the_lead_hears_what_does_not_go_with_it(stage: Stage):
    evidence = (document(stage, "devis.pdf", b"%PDF-1.7\n%%EOF\n"),)
    case, fatou, _julien = await a_case(stage, partner_code=LANDLORD, evidence=evidence)
    await menu(fatou, case)
    await fatou.taps("Voir et envoyer la lettre")
    await fatou.taps("Remettre en main propre")
    await fatou.sees("Voici la lettre à imprimer", "Je n’ai pas pu joindre 1 fichier")
    (letter,) = await letters(stage)
    assert "Le conseil tient un document à votre disposition." in words_of(letter.pdf)
    check_manners(stage)


async def test_when_telegram_gives_no_photos_nothing_leaves_without_them(stage: Stage, server: MailServer):
    case, fatou, _julien = await a_case(stage, evidence=(photo(stage),))
    await posted_to(stage, server)
    await menu(fatou, case)
    stage.playground.world.faults.add("5xx", method="getFile", times=100)
    assert "Je n’arrive pas à prendre les photos." in await fatou.taps("Voir et envoyer la lettre")
    stage.playground.world.faults.clear()
    await fatou.taps("Voir et envoyer la lettre")
    shown = await fatou.sees("Voici la lettre")
    stage.playground.world.faults.add("5xx", method="getFile", times=100)
    assert "Je n’arrive pas à prendre les photos." in await fatou.taps("Envoyer", on=shown)
    stage.playground.world.faults.clear()
    assert await letters(stage) == []
    await fatou.taps("Envoyer", on=shown)
    await stage.all_delivered()
    assert [each.enclosed for each in await letters(stage)] == [1]


@pytest.mark.parametrize("verb", ["RCPT", "DATA"])
async def test_a_refused_letter_counts_for_nothing_and_may_be_tried_again(stage: Stage, server: MailServer, verb: str):
    case, fatou, julien = await a_case(stage)
    await posted_to(stage, server)
    server.answers[verb] = ["550 5.1.1 no such user"]
    await sends_letter(fatou, case)
    await stage.all_delivered()
    for each in (fatou, julien):
        await each.sees(f"La lettre {case.number} n’est pas partie", "l’a refusée", "ne compte pas comme envoyée")
    assert ((await again(stage, case)).state, (await again(stage, case)).sent_at) == (S.ADOPTED, None)
    assert [each.act for each in await events_of(stage, case)][-1] is A.NOT_SENT
    await stage.people["Rosa"].never_sees("La lettre est partie")
    await julien.taps("Réessayer")
    await julien.taps("Envoyer")
    await stage.all_delivered()
    assert [(each.attempt, each.state) for each in await letters(stage)] == [
        (1, LetterState.NOT_SENT),
        (2, LetterState.SENT),
    ]
    assert (await again(stage, case)).state is S.SENT
    assert len(server.received) == 1
    check_manners(stage)


@pytest.mark.parametrize("trouble", ["cut", "hang", "kept cut"])
async def test_an_uncertain_letter_is_not_counted_and_the_same_goes_again(
    stage: Stage, server: MailServer, quick: None, trouble: str
):
    case, fatou, _julien = await a_case(stage)
    await posted_to(stage, server)
    server.answers["DATA"] = [trouble]
    await sends_letter(fatou, case)
    await stage.all_delivered()
    told = await fatou.sees(f"Je ne sais pas si la lettre {case.number} est arrivée", "peut-être arrivée")
    assert (await again(stage, case)).state is S.ADOPTED
    await fatou.taps("Renvoyer le même e-mail", on=told)
    await stage.all_delivered()
    assert (await again(stage, case)).state is S.SENT
    assert len(await letters(stage)) == 1
    assert len({each.letter["Message-ID"] for each in server.received}) == 1
    assert "a changé" in await fatou.forges(SameAgainPress((await letters(stage))[0].id).pack(), on=told)
    check_manners(stage)


async def test_a_server_that_is_away_is_tried_later_and_nothing_counts_meanwhile(stage: Stage, server: MailServer):
    case, fatou, _julien = await a_case(stage)
    await posted_to(stage, server)
    await server.stop()
    await sends_letter(fatou, case)
    await stage.all_delivered()
    await menu(fatou, case)
    await fatou.sees("La lettre est en route")
    assert not any("Voir et envoyer" in each for each in fatou.buttons())
    assert (await again(stage, case)).state is S.ADOPTED
    await server.start()
    await stage.advance(minutes=2)
    assert (await again(stage, case)).state is S.SENT


async def test_without_a_mail_server_the_letter_is_carried_by_hand(stage: Stage):
    case, fatou, _julien = await a_case(stage)
    await stage.stop_bot()
    await stage.start_bot(smtp_url=None)
    await menu(fatou, case)
    await fatou.taps("Voir et envoyer la lettre")
    await fatou.sees("L’e-mail n’est pas réglé ici")
    assert not any("Envoyer" in each for each in fatou.buttons())
    await fatou.taps("Remettre en main propre")
    paper = await fatou.sees("Voici la lettre à imprimer")
    assert (await again(stage, case)).state is S.ADOPTED
    await stage.advance(days=1)
    await fatou.taps("C’est remis en main propre", on=paper)
    await fatou.sees("À qui la lettre a-t-elle été remise")
    await fatou.sends("Madame Petit, à l’accueil")
    await fatou.sees("Quel jour")
    await fatou.taps("Hier")
    await fatou.sees("Madame Petit, à l’accueil", "Est-ce juste")
    await fatou.taps("Oui, c’est juste")
    await fatou.sees("La lettre est envoyée")
    await stage.all_delivered()
    now, (letter,) = await again(stage, case), await letters(stage)
    assert (now.state, letter.state, letter.way) == (S.SENT, LetterState.SENT, LetterWay.BY_HAND)
    assert letter.handed_to == "Madame Petit, à l’accueil"
    assert now.sent_at == letter.sent_at < stage.now() - timedelta(hours=12)
    await stage.people["Rosa"].sees("remise en main propre")
    await stage.people["Rosa"].never_sees("Madame Petit")
    assert "en ligne" not in words_of(letter.pdf)
    await menu(fatou, case)
    await fatou.taps("Preuve d’envoi")
    await fatou.sees("Remise en main propre : Madame Petit", letter.sha256)
    check_manners(stage)


@pytest.mark.parametrize("given", [False, True])
async def test_a_wish_that_comes_after_the_paper_was_printed_is_told_and_what_was_given_is_kept(
    stage: Stage, given: bool
):
    case, fatou, _julien = await a_case(stage, partner_code=LANDLORD)
    rosa = stage.people["Rosa"]
    await menu(fatou, case)
    await fatou.taps("Voir et envoyer la lettre")
    await fatou.taps("Remettre en main propre")
    paper = await fatou.sees("Voici la lettre à imprimer")
    await fatou.taps("C’est remis en main propre", on=paper)
    await fatou.taps("À l’accueil")
    await fatou.taps("Aujourd’hui")
    await rosa.sends("/menu")
    await rosa.forges(SignNamePress(case.id, False).pack(), on=rosa.messages()[-1])
    await fatou.taps("Oui, c’est juste")
    await fatou.sees("La lettre a changé depuis que vous l’avez prise.", "Quelqu’un a signé, ou a changé d’avis.")
    assert (await again(stage, case)).state is S.ADOPTED
    if given:
        await fatou.taps("L’ancienne est déjà remise")
    else:
        await fatou.taps("Prendre la nouvelle lettre")
        fresh = await fatou.sees("Voici la lettre à imprimer")
        assert fresh.id != paper.id
        await fatou.taps("C’est remis en main propre", on=fresh)
    await fatou.taps("À l’accueil")
    await fatou.taps("Aujourd’hui")
    await fatou.taps("Oui, c’est juste")
    await stage.all_delivered()
    assert (await again(stage, case)).state is S.SENT
    *put_aside, sent = await letters(stage)
    assert (len(put_aside), sent.state) == (0 if given else 1, LetterState.SENT)
    assert ("Rosa" in words_of(sent.pdf)) is given
    check_manners(stage)


async def test_a_partner_without_an_address_is_reached_on_paper_by_buttons_alone(stage: Stage):
    case, fatou, _julien = await a_case(stage, partner_code=LANDLORD, evidence=(photo(stage),))
    await menu(fatou, case)
    await fatou.taps("Voir et envoyer la lettre")
    await fatou.sees("pas d’adresse e-mail pour ce partenaire")
    await fatou.taps("Remettre en main propre")
    await fatou.taps("C’est remis en main propre")
    await fatou.taps("Dans la boîte aux lettres")
    await fatou.taps("Retour")
    await fatou.taps("À l’accueil")
    await fatou.taps("Aujourd’hui")
    await fatou.taps("Oui, c’est juste")
    await stage.all_delivered()
    assert (await again(stage, case)).state is S.SENT
    (letter,) = await letters(stage)
    assert (letter.handed_to, letter.enclosed) == ("À l’accueil", 1)
    assert len(PdfReader(io.BytesIO(letter.pdf)).pages[-1].images) == 1
    check_manners(stage)


async def test_an_e_mail_that_came_back_is_noted_and_the_letter_goes_again(stage: Stage, server: MailServer):
    case, fatou, julien = await a_case(stage)
    await posted_to(stage, server)
    await sends_letter(fatou, case)
    await stage.all_delivered()
    await menu(julien, case)
    await julien.taps("L’e-mail est revenu")
    asked = await julien.sees("L’e-mail à mairie@ville.example est-il revenu ?", "ne comptera plus comme envoyée")
    await julien.taps("Oui, il est revenu")
    await julien.sees("La lettre ne compte plus comme envoyée.")
    assert "a changé" in await julien.forges(CameBackYesPress((await letters(stage))[0].id).pack(), on=asked)
    await stage.all_delivered()
    for each in (stage.people["Rosa"], fatou):
        await each.sees("La lettre n’est pas arrivée. Le conseil cherche une solution.")
    assert (await again(stage, case)).state is S.ADOPTED
    await julien.taps("Voir et envoyer la lettre")
    await julien.taps("Envoyer")
    await stage.all_delivered()
    assert len(server.received) == 2
    assert (await again(stage, case)).state is S.SENT
    check_manners(stage)


async def test_of_two_who_send_at_once_one_letter_leaves(stage: Stage, server: MailServer):
    case, fatou, julien = await a_case(stage)
    await posted_to(stage, server)
    for each in (fatou, julien):
        await menu(each, case)
        await each.taps("Voir et envoyer la lettre")
    asked = {each.id: await each.sees("Voici la lettre") for each in (fatou, julien)}
    toasts = await asyncio.gather(
        fatou.taps("Envoyer", on=asked[fatou.id]),
        julien.taps("Envoyer", on=asked[julien.id]),
        fatou.taps("Envoyer", on=asked[fatou.id]),
    )
    await stage.all_delivered()
    assert len(server.received) == len(await letters(stage)) == 1
    assert len([each for each in toasts if each]) == 2, toasts


async def test_what_has_changed_since_it_was_seen_is_not_sent(stage: Stage, server: MailServer):
    case, fatou, _julien = await a_case(stage)
    await posted_to(stage, server)
    await menu(fatou, case)
    await fatou.taps("Voir et envoyer la lettre")
    shown = await fatou.sees("Voici la lettre")
    await stage.advance(days=1)  # the letter would bear another date
    assert "a changé" in await fatou.taps("Envoyer", on=shown)
    assert await letters(stage) == []


async def test_who_does_not_carry_it_sends_and_reads_nothing(stage: Stage, server: MailServer):
    case, fatou, _julien = await a_case(stage)
    await posted_to(stage, server)
    await sends_letter(fatou, case)
    await stage.all_delivered()
    (letter,) = await letters(stage)
    nadia = await stage.joined("Nadia", "sud", role=Role.LEAD)
    for each in (stage.people["Rosa"], stage.people["Ali"], nadia):
        await each.sends("/menu")
        for press in (
            CarryPress(case.id),
            PreviewLetterPress(case.id),
            SendLetterPress(case.id, "0" * 16),
            PrintLetterPress(case.id),
            SameAgainPress(letter.id),
            HandedPress(letter.id),
            ProofPress(letter.id),
            LetterFilePress(letter.id),
            CameBackYesPress(letter.id),
            ExtendPress(case.id),
            ExtendByPress(case.id, 5),
            FollowUpWordsPress(case.id),
            CarryPress(999_999),
            ProofPress(999_999),
            PreviewLetterPress(999_999),
        ):
            assert "Vous ne pouvez pas" in await each.forges(press.pack(), on=each.messages()[-1]), press
    assert len(server.received) == 1


async def test_the_link_opens_the_page_and_is_kept_nowhere(stage: Stage):
    clip = Content(ContentKind.VIDEO, 1, 2, file_id="clip")
    point = Content(ContentKind.LOCATION, 1, 3, latitude=43.6, longitude=1.44)
    case, fatou, _julien = await a_case(stage, evidence=(photo(stage), photo(stage), clip, point))
    address = await with_pages(stage)
    await sends_letter(fatou, case)
    await stage.all_delivered()
    (mail,) = stage.playground.world.mailbox.mails
    found = re.search(rf"{re.escape(address)}/r/(\S+)", mail.text)
    assert found is not None
    page = await Partner(address, found[1]).opens()
    assert page.status == 200
    page.says("L’ascenseur du 12 est en panne.", "2 photos ou papiers sont à la fin de la lettre en PDF.")
    page.says("1 document n’a pas pu être joint. Le conseil le tient à votre disposition.")
    page.says("Rue Haute Point sur la carte : 43.60000, 1.44000")
    (row,) = await mail_rows(stage)
    assert found[1] not in row.body
    assert "/r/[…]" in row.body
    await Partner(address, found[1]).answers("Nous réparons lundi.")
    assert (await again(stage, case)).state is S.ANSWERED


async def test_who_opens_the_link_of_an_uncertain_letter_has_it(stage: Stage, server: MailServer, quick: None):
    case, fatou, _julien = await a_case(stage)
    address = await with_pages(stage)
    await stage.stop_bot()
    listen = address.removeprefix("http://")
    await stage.start_bot(listen=listen, public_url=address, smtp_url=server.url)
    server.answers["DATA"] = ["kept cut"]
    await sends_letter(fatou, case)
    await stage.all_delivered()
    assert (await again(stage, case)).state is S.ADOPTED
    body = server.received[0].letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"/r/(\S+)", body.get_content())
    assert found is not None
    assert (await Partner(address, found[1]).opens()).status == 200
    await stage.all_delivered()
    assert (await again(stage, case)).state is S.SENT
    await stage.people["Rosa"].sees("La lettre est partie")


async def test_a_follow_up_goes_the_same_way_with_words_added(stage: Stage, server: MailServer):
    case, fatou, _julien = await a_case(stage)
    await posted_to(stage, server)
    await sends_letter(fatou, case)
    await stage.all_delivered()
    first = await again(stage, case)
    async with stage.database.write() as session:
        row = await session.get_one(Interpellation, case.id)
        row.state, row.answered_at, row.revision = S.ANSWERED, stage.now(), row.revision + 1
    await menu(fatou, case)
    await fatou.taps("Écrire une relance")
    await fatou.sees("Que faut-il dire de plus ?")
    await fatou.sends("Aucune date n’est donnée.")
    await fatou.taps("Voir et envoyer la lettre")
    await fatou.sees("Voici la lettre")
    await fatou.taps("Envoyer")
    await stage.all_delivered()
    now = await again(stage, case)
    assert (now.state, now.round, now.answered_at) == (S.SENT, 2, None)
    assert first.due_at is not None
    letter = (await letters(stage))[-1]
    assert (letter.round, letter.attempt, letter.words) == (2, 1, "Aucune date n’est donnée.")
    assert "Ce que nous ajoutons aujourd’hui Aucune date n’est donnée." in words_of(letter.pdf)
    assert [each.act for each in await events_of(stage, case)][-1] is A.ASKED_AGAIN
    await stage.people["Rosa"].sees("Le conseil a écrit de nouveau")
    check_manners(stage)


async def test_the_saisine_goes_to_the_prefect_with_its_own_words(stage: Stage, server: MailServer):
    case, fatou, _julien = await a_case(stage, kind=InterpellationKind.SAISINE, partner_code=PREFECTURE)
    await posted_to(stage, server)
    await menu(fatou, case)
    await fatou.taps("Voir et envoyer la lettre")
    await fatou.taps("Envoyer")
    await stage.all_delivered()
    (got,) = server.received
    assert got.letter["Subject"].startswith(f"Saisine {case.number}")
    text = words_of((await letters(stage))[0].pdf)
    assert "Saisine n°" in text
    assert "loi du 27 janvier 2017" in text
    assert "Ce que nous demandons au préfet" in text
    assert "60 jours ouvrés. Ce n’est pas un délai légal." in text


async def test_why_this_date_and_more_time(stage: Stage, server: MailServer):
    case, fatou, _julien = await a_case(stage)
    await posted_to(stage, server)
    await sends_letter(fatou, case)
    await stage.all_delivered()
    before = (await again(stage, case)).due_at
    assert before is not None
    rosa = stage.people["Rosa"]
    await rosa.sends("/menu")
    await rosa.forges(WhyDatePress(case.id).pack(), on=rosa.messages()[-1])
    await rosa.sees("Pourquoi le", "Délai convenu localement, sans valeur légale : 30 jours ouvrés", "Noël")
    await menu(fatou, case)
    await fatou.taps("Donner plus de temps")
    await fatou.taps("+10 jours ouvrés")
    await fatou.taps("Le partenaire l’a demandé.")
    await fatou.sees("C’est noté. Réponse attendue avant le", "Le partenaire reçoit un e-mail.")
    await stage.all_delivered()
    _letter, told = server.received
    assert told.letter["Subject"] == f"{case.number} : vous avez plus de temps pour répondre"
    body = told.letter.get_body(("plain",))
    assert body is not None
    assert "Raison : Le partenaire l’a demandé." in body.get_content()
    now = await again(stage, case)
    assert now.extra_days == 10
    assert now.due_at is not None
    assert now.due_at > before
    await rosa.sees("Le partenaire a plus de temps", "Le partenaire l’a demandé")
    await fatou.taps("Retour")
    await fatou.taps("Pourquoi cette date")
    await fatou.sees("Plus de temps donné : 10 jours ouvrés", "Le partenaire l’a demandé")
    check_manners(stage)


async def test_the_partner_is_reminded_and_the_council_told_once_each(stage: Stage):
    case, fatou, julien = await a_case(stage)
    await sends_letter(fatou, case)
    await stage.all_delivered()
    mailbox = stage.playground.world.mailbox.mails
    rosa, samir = stage.people["Rosa"], stage.people["Samir"]
    due_at = (await again(stage, case)).due_at
    assert due_at is not None
    afternoon = due_at + timedelta(hours=3)
    await stage.go_to(afternoon - timedelta(days=9))
    assert len(mailbox) == 1
    for each in (fatou, julien):
        await each.sees("n’a pas dit s’il a reçu la lettre")
    await rosa.never_sees("n’a pas dit s’il a reçu")
    await stage.go_to(afternoon - timedelta(days=7))
    await stage.go_to(afternoon - timedelta(days=5))
    assert [each.subject for each in mailbox[1:]] == [f"Rappel : votre réponse à {case.number} est attendue"]
    await rosa.never_sees("en retard")
    await stage.go_to(due_at + timedelta(days=1, hours=-13))  # the night after: nobody works
    assert len(mailbox) == 2
    await stage.go_to(afternoon + timedelta(days=4))
    assert mailbox[2].subject == f"Rappel : la réponse à {case.number} n’est pas arrivée"
    for each in (rosa, fatou, julien):
        await each.sees("La réponse est en retard")
    await samir.never_sees("en retard")
    await stage.stop_bot()
    await stage.start_bot()
    await stage.go_to(afternoon + timedelta(days=82))
    assert len(mailbox) == 3
    for each in (rosa, fatou, julien):
        await each.sees("La réponse est très en retard")
        assert len([text for text in each.texts() if "La réponse est en retard" in text]) == 1
    assert [each.act for each in await events_of(stage, case)].count(A.REMINDED) == 2
    check_manners(stage)


async def test_an_answer_ends_reminders(stage: Stage):
    case, fatou, _julien = await a_case(stage)
    address = await with_pages(stage)
    await sends_letter(fatou, case)
    await stage.all_delivered()
    mailbox = stage.playground.world.mailbox.mails
    found = re.search(r"/r/(\S+)", mailbox[0].text)
    assert found is not None
    await Partner(address, found[1]).answers()
    await stage.advance(days=200)
    assert len(mailbox) == 1
    await stage.people["Rosa"].never_sees("en retard")


async def test_a_letter_waits_in_its_row_while_the_bot_stands_still(stage: Stage, server: MailServer):
    """What is committed leaves after the next start, once."""
    case, fatou, _julien = await a_case(stage)
    await posted_to(stage, server)
    server.answers["RCPT"] = ["451 4.7.1 greylisted"]
    await sends_letter(fatou, case)
    await stage.all_delivered()
    await stage.stop_bot()
    await stage.start_bot(smtp_url=server.url)
    await stage.advance(minutes=2)
    assert len(server.received) == 1
    assert (await again(stage, case)).state is S.SENT
