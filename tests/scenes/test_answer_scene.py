"""From a partner's answer to the author's « est-ce que cela répond ? », and on to the end."""

import pytest

from handlers.cards.interpellation import HearPress
from playground.attachments import Attachment
from storage.interpellations import InterpellationState
from storage.people import Role
from tests.scenes.letter_steps import PDF, Partner, case_of, events, sent_letter, with_pages
from tests.scenes.stage import Person, Stage


@pytest.fixture
async def people(stage: Stage) -> dict[str, Person]:
    return {
        "rosa": await stage.joined("Rosa", "nord"),
        "karim": await stage.joined("Karim", "nord"),
        "lena": await stage.joined("Léna", "nord", role=Role.LEAD),
        "ana": await stage.joined("Ana", "nord", role=Role.ANIMATOR),
        "fatou": await stage.joined("Fatou", "nord"),
        "sami": await stage.joined("Sami", "sud"),
    }


@pytest.fixture
async def case(stage: Stage, people) -> tuple[int, Partner]:
    address = await with_pages(stage)
    case_id, token = await sent_letter(stage, people["rosa"], people["karim"])
    return case_id, Partner(address, token)


async def test_the_answer_goes_at_once_to_all_whom_it_concerns(stage: Stage, people, case):
    _, partner = case
    await partner.answers("Nous réparons lundi.")
    await stage.all_delivered()
    for name in ("rosa", "karim", "lena", "ana", "fatou"):
        seen = await people[name].sees("Mairie a répondu", "Nous réparons lundi.")
        assert [each.text for each in people[name].messages()].count(seen.text) == 1
    await people["sami"].never_sees("Nous réparons")
    for name in ("rosa", "karim", "fatou"):
        await people[name].sees("Est-ce que cela répond ?")


async def test_a_receipt_is_told_to_who_asked(stage: Stage, people, case):
    _, partner = case
    await partner.acknowledges()
    await stage.all_delivered()
    for name in ("rosa", "karim", "lena"):
        await people[name].sees("Le partenaire a bien reçu la lettre.")
    await people["fatou"].never_sees("Le partenaire a bien reçu la lettre.")


async def test_the_authors_word_counts_and_those_of_others_are_counted(stage: Stage, people, case):
    _, partner = case
    await partner.answers("Nous réparons lundi.")
    await stage.all_delivered()
    await people["karim"].taps("Oui")
    await people["karim"].sees("Vous avez dit : oui, cela répond.", "Elle répond ? 1 oui.")
    await people["fatou"].taps("Oui")
    await people["fatou"].taps("Non")
    await people["rosa"].taps("En partie")
    card = await people["rosa"].sees("C’est noté. Vous pouvez relancer.", "1 oui, 1 en partie et 1 non.")
    assert "✉️ Relancer" in people["rosa"].buttons(card)
    await stage.all_delivered()
    for name in ("lena", "ana"):
        await people[name].sees("L’auteur dit : la réponse répond en partie.")
    assert not [each for each in people["karim"].buttons() if "Relancer" in each]


async def test_whoever_has_nothing_to_do_with_it_has_no_say(stage: Stage, people, case):
    _, partner = case
    await partner.answers("Nous réparons lundi.")
    await stage.all_delivered()
    await people["sami"].sends("Bonjour")
    toast = await people["sami"].forges("iaj:1:yes", people["sami"].messages()[-1])
    assert "Vous ne pouvez pas ouvrir cela." in toast


async def test_the_author_asks_again_without_typing(stage: Stage, people, case):
    case_id, partner = case
    await partner.answers("Nous verrons.")
    await stage.all_delivered()
    rosa = people["rosa"]
    await rosa.taps("Non")
    await rosa.taps("Relancer")
    await rosa.sees("Qu’est-ce qui manque dans la réponse ?")
    await rosa.taps("La réponse ne dit pas quand.")
    await rosa.sees("Voici ce que le conseil va écrire :", "La réponse ne dit pas quand.")
    await rosa.taps("Donner au conseil")
    await rosa.sees("C’est noté. Le conseil va écrire de nouveau.")
    await stage.all_delivered()
    card = await people["lena"].sees("L’auteur veut une relance.", "La réponse ne dit pas quand.")
    assert "➡️ Faire avancer" in people["lena"].buttons(card)
    await people["karim"].never_sees("L’auteur veut une relance.")
    assert (await case_of(stage, case_id)).state is InterpellationState.ANSWERED
    assert (await events(stage, case_id))[-1].words == "La réponse ne dit pas quand."


async def test_what_the_author_types_is_read_and_what_is_no_text_is_not(stage: Stage, people, case):
    _, partner = case
    await partner.answers("Nous verrons.")
    await stage.all_delivered()
    rosa = people["rosa"]
    await rosa.taps("Non")
    await rosa.taps("Relancer")
    await rosa.sends("x" * 2_001)
    await rosa.sees("C’est trop long. Il faut moins de 2 000 signes.")
    await stage.advance(seconds=10)
    await rosa.sends(attachment=Attachment("photo"))
    await rosa.sees("Ici, parlez ou écrivez, s’il vous plaît.")
    await rosa.sends("Et <b>l’escalier</b> ?")
    await rosa.sees("Et <b>l’escalier</b> ?")
    give = rosa.messages()[-1].buttons[0][0]["callback_data"]
    await rosa.taps("Donner au conseil")
    toast = await rosa.forges(give, rosa.messages()[-1])
    assert "Quelque chose a changé depuis." in toast


async def test_what_the_author_says_aloud_is_heard_and_written_by_who_carries_it(stage: Stage, people, case):
    case_id, partner = case
    await partner.answers("Nous verrons.")
    await stage.all_delivered()
    rosa, lena = people["rosa"], people["lena"]
    await rosa.taps("Non")
    await rosa.taps("Relancer")
    await rosa.sends(attachment=Attachment("voice"))
    await rosa.sees("J’ai gardé votre message vocal.", "Le conseil l’écoute, l’écrit, puis envoie la lettre.")
    await rosa.taps("Donner au conseil")
    await rosa.sees("C’est noté. Le conseil va écrire de nouveau.")
    await stage.all_delivered()
    told = await lena.sees("L’auteur a dit ce qui manque. Écoutez-le, puis écrivez la relance.")
    await lena.taps("Écouter et voir", on=told)
    heard = await lena.sees("Ce qui manque dans la réponse")
    assert "voice" in heard.body
    await lena.taps("Faire avancer", on=told)
    await lena.sees("L’auteur a dit ce qui manque.")
    assert not any("Voir et envoyer" in each for each in lena.buttons())
    await lena.taps("Écrire une relance")
    await lena.sends("Quand viendrez-vous ?")
    await lena.taps("Voir et envoyer la lettre")
    letter = await lena.sees("Voici la lettre")
    assert letter.body["document"]["file_name"] == "Lettre I-2026-001 (2).pdf"
    await people["karim"].sends("/menu")
    toast = await people["karim"].forges(HearPress(case_id).pack(), on=people["karim"].messages()[-1])
    assert "Vous ne pouvez pas ouvrir cela." in toast


async def test_long_words_are_read_page_by_page_and_files_come_into_the_chat(stage: Stage, people, case):
    _, partner = case
    await partner.answers("Début. " + "Un mot. " * 900 + "Fin.", ("plan.pdf", PDF))
    await stage.all_delivered()
    rosa = people["rosa"]
    card = await rosa.sees("Début.")
    assert "Fin." not in card.text
    await rosa.taps("Tout lire")
    for _ in range(3):
        await rosa.taps("Suite")
    await rosa.sees("Fin.")
    await rosa.taps("Retour")
    await rosa.taps("Voir le fichier")
    sent = rosa.messages()[-1]
    assert sent.body["document"]["file_name"] == "plan.pdf"


async def test_a_second_answer_is_told_too(stage: Stage, people, case):
    _, partner = case
    await partner.answers("Nous verrons.")
    await stage.all_delivered()
    await people["rosa"].taps("Non")
    await partner.answers("Finalement, lundi.")
    await stage.all_delivered()
    await people["rosa"].sees("Finalement, lundi.", "Est-ce que cela répond ?")
    await people["rosa"].taps("La réponse d’avant")
    await people["rosa"].sees("Nous verrons.", "Vous avez dit : non, cela ne répond pas.")


async def test_the_author_reads_it_in_their_language(stage: Stage, case, people):
    """The words of the partner stay what they are."""
    _, partner = case
    salma = await stage.joined("Salma", "nord", language="ar")
    await partner.answers("Nous réparons lundi.")
    await stage.all_delivered()
    await salma.sees("Nous réparons lundi.")
