"""One proposal from a voice to a picture of what was done, by taps alone; its author reads every word in Arabic."""

from locales.translator import translator
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.proposals import ProposalState
from tests.scenes.manners import check_manners
from tests.scenes.meeting_steps import at, count, meeting_of
from tests.scenes.moderation_steps import acts
from tests.scenes.proposal_steps import again, proposals
from tests.scenes.stage import Stage

SAY = translator("ar").plain
SURE = "Oui, c’est bien cela"


async def test_from_a_voice_to_what_was_done_with_every_word_to_its_author_in_arabic(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    tom, sara = await stage.joined("Tom", "nord"), await stage.joined("Sara", "nord", language="ar")
    await meeting_of(stage, fatou, title="Conseil de mars", starts_at=at(stage, 6, 18))

    await sara.sends("/proposer")
    await sara.sees(SAY("Quelle est votre idée pour le quartier ?"))
    await sara.sends(attachment=Attachment("voice", file=sample("voice")))
    await sara.taps(SAY("✅ C’est tout"))
    await sara.taps("شيء آخر")
    await sara.taps(SAY("Pas de lieu précis"))
    await sara.taps("Sara")
    await sara.taps(SAY("📤 Envoyer"))
    await sara.sees(SAY("Votre voix reste privée. Un texte sera publié."))
    await stage.all_delivered()
    (proposal,) = await proposals(stage)

    # The lead hears it, writes what is said, and asks for what is missing.
    await fatou.sees("Une proposition attend votre avis", proposal.number)
    await fatou.taps("Lire et décider")
    await fatou.taps("Ce que l’auteur a envoyé")
    assert any("voice" in each.body for each in fatou.messages())
    await fatou.taps("Lire et décider")
    await fatou.taps("Écrire le texte")
    await fatou.sends("Des bancs. Pour les parents.")
    await fatou.taps("Demander à l’auteur")
    await fatou.taps("Dites où c’est")
    await fatou.taps(SURE)
    await stage.all_delivered()
    await sara.sees(
        SAY("✏️ Avant de la publier, il faut changer quelque chose :"), SAY("Dites où c’est, s’il vous plaît.")
    )
    await sara.taps(SAY("✏️ Corriger et renvoyer"))
    await sara.sees("Des bancs", SAY("Dites où c’est, s’il vous plaît."))
    await sara.taps(SAY("✏️ Changer"))
    await sara.taps(SAY("Le lieu"))
    await sara.sends("أمام المدرسة")
    await sara.sees("أمام المدرسة", SAY("Voulez-vous l’envoyer ?"))
    await sara.taps(SAY("📤 Envoyer"))
    await stage.all_delivered()

    await fatou.sees("Une proposition attend votre avis", "Son auteur l’a corrigée")
    await fatou.taps("Lire et décider")
    await fatou.sees("Lieu : أمام المدرسة")
    await fatou.taps("Publier")
    await stage.all_delivered()
    await sara.sees(SAY("✅ Votre proposition est publiée. Les habitants peuvent la soutenir."))
    await tom.sees("Une nouvelle proposition", "Des bancs")
    assert not any("voice" in each.body for each in tom.messages())
    await tom.taps("Voir la proposition")
    await tom.taps("Soutenir")
    await tom.sees("1 soutien", "Vous la soutenez")

    # The council talks of it, and does it.
    await fatou.sends(proposal.number)
    await fatou.taps("Faire avancer")
    await fatou.taps("Mettre à l’ordre du jour")
    await fatou.taps("Conseil de mars")
    await stage.all_delivered()
    await sara.sees(proposal.number, "📅", "Conseil de mars")
    await stage.advance(days=7)
    for step, usual in (("Discutée", "Le conseil est d’accord"), ("Réalisée", "C’est en place")):
        await fatou.sends(proposal.number)
        await fatou.taps("Faire avancer")
        await fatou.taps(step)
        await fatou.taps(usual)
        if step == "Réalisée":
            await fatou.sends(attachment=Attachment("photo", file=sample("photo")))
        await fatou.taps(SURE)
        await stage.all_delivered()
    await sara.sees(SAY("💬 Le conseil en a parlé."), SAY("Le conseil est d’accord."))
    done = await sara.sees(SAY("🎉 C’est fait."), SAY("C’est en place."))
    assert "photo" in done.body
    await tom.sees("C’est fait", "C’est en place")
    assert [count(each, "🎉") for each in (sara, tom)] == [1, 1]

    theirs = [each for each in sara.texts() if proposal.number in each]
    assert theirs
    assert not any(french in each for each in theirs for french in ("proposition", "conseil ", "soutien", "publi"))
    assert (await again(stage, proposal)).state is ProposalState.DONE
    assert await acts(stage, proposal) == [
        "submitted",
        "corrected",
        "correction_asked",
        "corrected",
        "published",
        "put_on_agenda",
        "discussed",
        "done",
    ]
    check_manners(stage)
