"""Documents that go with a letter: looked at when given, beside the e-mail, and on the page of who reads it."""

import re

from playground.attachments import Attachment, sample
from tests.inbound.programs import free_port
from tests.mail.mail_office import MailServer
from tests.scenes.interpellation_steps import interpellations, with_partners
from tests.scenes.letter_steps import Partner
from tests.scenes.manners import check_manners
from tests.scenes.stage import Stage
from tests.scenes.test_interpellation_draft_scene import answers, begins
from tests.scenes.test_sending_scene import a_case, document, menu, photo, server, words_of

__all__ = ["server"]
PROGRAM = b"MZ\x90\0" + bytes(400)


async def test_each_is_looked_at_when_it_is_given_and_a_video_is_said_to_stay(stage: Stage):
    await with_partners(stage)
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await rosa.sends("L’ascenseur est en panne")
    await stage.advance(seconds=6)
    await rosa.sends(attachment=Attachment("video", file=sample("video")))
    await rosa.sees("Question 1", "1 vidéo reste au conseil", "Elle ne part pas avec la lettre")
    await rosa.taps("Suite")
    await answers(rosa, "", "", "", "", "Le réparer")
    await rosa.sees("Avez-vous des photos ou des papiers", "J’ai gardé 1 fichier", "1 vidéo reste au conseil")
    for name, content, said in (
        ("virus.exe", PROGRAM, "Le fichier « virus.exe » n’est pas d’une sorte acceptée"),
        ("facture.pdf", PROGRAM, "Le fichier « facture.pdf » n’est pas d’une sorte acceptée"),
        ("photo.jpg", b"%PDF-1.7\n%%EOF\n", "Le fichier « photo.jpg » n’est pas ce que dit son nom"),
        ("vide.pdf", b"", "Le fichier « vide.pdf » est vide"),
        ("long.pdf", b"%PDF-1.7\n" + bytes(10 * 1024 * 1024), "Ce fichier est trop lourd. Il faut moins de 9 Mo"),
    ):
        await stage.advance(seconds=6)
        await rosa.sends(attachment=Attachment("document", file=content, file_name=name))
        await rosa.sees(said, "J’ai gardé 1 fichier")
    stage.playground.world.faults.add("5xx", method="getFile", times=100)
    await stage.advance(seconds=6)
    await rosa.sends(attachment=Attachment("document", file=sample("document"), file_name="devis.pdf"))
    await rosa.sees("J’ai gardé 2 fichiers")
    stage.playground.world.faults.clear()
    await stage.advance(seconds=6)
    await rosa.sends(attachment=Attachment("document", file=sample("photo"), file_name="hall.jpg"))
    await rosa.sees("J’ai gardé 3 fichiers")
    await rosa.taps("Suite")
    await rosa.taps("Rosa")
    await rosa.sees("Avec 3 photos ou papiers")
    await rosa.taps("Envoyer au conseil")
    (sent,) = await interpellations(stage)
    assert [each["kind"] for each in sent.evidence] == ["video", "document", "document"]
    check_manners(stage)


async def test_they_go_beside_the_letter_and_stand_on_the_partners_page(stage: Stage, server: MailServer):
    budget = b"%PDF-1.7\n%%EOF\n" + bytes(4000)
    evidence = (
        document(stage, "devis de Rosa.pdf", budget, "Le devis"),
        photo(stage),
        document(stage, "facture.pdf", PROGRAM),
    )
    case, fatou, _julien = await a_case(stage, evidence=evidence)
    await stage.stop_bot()
    listen = f"127.0.0.1:{free_port()}"
    await stage.start_bot(smtp_url=server.url, listen=listen, public_url=f"http://{listen}")
    await menu(fatou, case)
    await fatou.taps("Voir et envoyer la lettre")
    shown = await fatou.sees("Voici la lettre", "1 document part avec la lettre", "Je n’ai pas pu joindre 1 fichier")
    await fatou.taps("Envoyer", on=shown)
    await stage.all_delivered()

    (got,) = server.received
    letter, joined = got.letter.iter_attachments()
    assert (joined.get_filename(), joined.get_content_type()) == ("Pièce 2.pdf", "application/pdf")
    assert joined.get_content() == budget
    said = words_of(letter.get_content())
    assert "Pièce jointe : Pièce 2.pdf (3 Ko). Le devis" in said
    assert "Le conseil tient un autre document à votre disposition." in said
    body = got.letter.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    assert "1 document est joint à ce message : Pièce 2.pdf." in words
    assert "1 document n’a pas pu être joint." in words
    assert "devis de Rosa" not in str(got.letter)

    # On the page, for who has the link; and for nobody else.
    found = re.search(r"/r/([\w-]+)", words)
    assert found is not None
    town = Partner(f"http://{listen}", found[1])
    page = await town.opens()
    page.says("1 photo ou papier est à la fin", "1 document est avec la lettre.", "Télécharger le document Pièce 2.pdf")
    page.says("1 document n’a pas pu être joint.")
    link = re.search(r'href="[^"]*(/piece/\d+)"', page.text)
    assert link is not None
    given = await town.opens(link[1])
    assert (given.status, given.headers["Content-Type"]) == (200, "application/pdf")
    assert given.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Pi%C3%A8ce%202.pdf"
    for token, path in (
        (town.token, "/piece/1"),
        (town.token, "/piece/999999999999999"),
        (town.token, f"/piece/{'9' * 30}"),
        ("x" * 43, link[1]),
    ):
        refused = await Partner(f"http://{listen}", token).opens(path)
        assert refused.status == 404, path
    check_manners(stage)
