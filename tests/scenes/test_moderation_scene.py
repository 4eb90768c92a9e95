"""Before a proposal is public: read, published, sent back, joined, set aside; by whom, once, and nobody else knows."""

from council.notices import NoticeKind
from handlers.cards.moderation import JoinedPress, JoinWithPress, PublishPress, ShowAgainPress
from handlers.cards.proposal_deciding import StepPress
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.proposals import ProposalAct, ProposalState, ReportReason
from tests.scenes.manners import check_manners
from tests.scenes.meeting_steps import count
from tests.scenes.moderation_steps import (
    acts,
    corrects,
    in_queue,
    opens,
    public,
    publishes,
    reports,
    revoked,
    standing,
    supports,
    told,
)
from tests.scenes.proposal_steps import again, proposes
from tests.scenes.stage import Person, Stage


async def cast(stage: Stage) -> tuple[Person, Person, Person]:
    """An author, a lead, a neighbour who follows the council."""
    return (
        await stage.joined("Rosa", "nord"),
        await stage.joined("Fatou", "nord", role=Role.LEAD),
        await stage.joined("Tom", "nord"),
    )


async def test_a_lead_reads_and_publishes_and_only_then_the_council_hears_of_it(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    await stage.joined("Sam", "sud")
    proposal = await in_queue(rosa, anonymous=True)
    await fatou.sees("Une proposition attend votre avis", proposal.number, "Un banc devant l’école")
    await tom.never_sees("banc")
    await fatou.taps("Lire et décider")
    desk = await fatou.sees("Les parents attendent debout", "De : Rosa (nom caché aux autres)", "Quartier Nord")
    await fatou.taps("Publier")
    await fatou.sees(f"{proposal.number} est publiée", "Aucune proposition")
    await fatou.forges(PublishPress(proposal.id, proposal.revision).pack(), on=desk)  # a double tap
    await stage.all_delivered()
    await rosa.sees(proposal.number, "Votre proposition est publiée")
    await tom.sees("Une nouvelle proposition : Quartier Nord", "Un banc devant l’école")
    await tom.never_sees("Rosa")
    assert [count(each, "est publiée") for each in (rosa, tom)] == [1, 0]
    assert await told(stage, NoticeKind.PROPOSAL_NEWS) == sorted([rosa.id, fatou.id, tom.id])
    await fatou.never_sees("Une nouvelle proposition")  # who did it knows
    assert await acts(stage, proposal) == ["submitted", "published"]
    check_manners(stage)


async def test_asked_for_a_change_the_author_corrects_and_who_asked_is_told(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    proposal = await in_queue(rosa, "Un banc pour M. Durand. Il habite au 12.")
    await opens(fatou, proposal)
    await fatou.taps("Demander à l’auteur")
    await fatou.sees("Que doit changer l’auteur", "L’auteur lira ces mots")
    await fatou.taps("Enlevez le nom")
    await fatou.sees("Je la rends à l’auteur", "Enlevez le nom des personnes")
    await fatou.taps("Changer les mots")
    await fatou.sends("Sans <b>nom</b> & sans numéro")
    await fatou.taps("Oui, c’est bien cela")
    await fatou.sees("C’est noté", "Aucune proposition")
    await stage.all_delivered()
    await rosa.sees(proposal.number, "il faut changer quelque chose", "Sans <b>nom</b> & sans numéro")
    assert (await again(stage, proposal)).state is ProposalState.TO_CORRECT
    assert "✏️ Corriger et renvoyer" in rosa.buttons()
    await corrects(rosa, proposal, "Un banc devant la poste.")
    await fatou.sees("Une proposition attend votre avis", "Un banc devant la poste", "Son auteur l’a corrigée")
    await publishes(fatou, proposal)
    await tom.sees("Un banc devant la poste")
    await tom.never_sees("Durand")
    assert await acts(stage, proposal) == ["submitted", "correction_asked", "corrected", "published"]
    check_manners(stage, words_of_people=("<b>nom</b> & sans",))


async def test_set_aside_needs_a_reason_which_its_author_alone_reads(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    proposal = await in_queue(rosa, "Votez pour moi !")
    await opens(fatou, proposal)
    await fatou.taps("Écarter")
    question = await fatou.sees("Pourquoi l’écarter")
    assert "Ne rien ajouter" not in fatou.buttons(question)
    await fatou.forges("ptn", on=question)
    await fatou.sends("x" * 501)
    await fatou.sees("trop long", "Pourquoi l’écarter")
    await fatou.sends(attachment=Attachment("voice", file=sample("voice")))
    await fatou.sees("mots écrits", "Pourquoi l’écarter")
    assert (await again(stage, proposal)).state is ProposalState.SUBMITTED
    await fatou.taps("Ce n’est pas une idée pour le quartier")
    sure = await fatou.sees("Cela ne peut plus changer")
    await fatou.taps("Oui, c’est bien cela")
    assert "déjà fait" in await fatou.forges("pty", on=sure)
    await stage.all_delivered()
    await rosa.sees("Votre proposition est écartée", "Ce n’est pas une idée pour le quartier")
    await tom.never_sees("Votez")
    assert await told(stage, NoticeKind.PROPOSAL_NEWS) == [rosa.id]
    assert (await again(stage, proposal)).state is ProposalState.SET_ASIDE
    check_manners(stage)


async def test_two_moderators_at_once_have_one_effect_and_the_other_is_told_who_did_what(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    karim = await stage.joined("Karim", "nord", role=Role.ANIMATOR)
    proposal = await in_queue(rosa)
    await opens(fatou, proposal)
    await opens(karim, proposal)
    await karim.taps("Écarter")
    await karim.taps("C’est de la publicité")
    await fatou.taps("Publier")
    toast = await karim.taps("Oui, c’est bien cela")
    assert "Fatou l’a publiée" in toast
    assert (await again(stage, proposal)).state is ProposalState.RECEIVED
    await stage.all_delivered()
    await rosa.never_sees("écartée")
    await tom.sees("Une nouvelle proposition")

    # Both tap the same button in the same moment.
    second = await in_queue(rosa, "Une fontaine sur la place.")
    await opens(fatou, second)
    await opens(karim, second)
    presses = []
    for each in (fatou, karim):
        message, row, column = await each._button("Publier", None)
        presses.append(each.phone.presses(message, row=row, column=column))
    await stage.until(lambda: all(each.answer is not None for each in presses))
    await stage.all_delivered()
    said = sorted(each.answer.text for each in presses if each.answer)
    assert said[0] == ""
    assert "l’a publiée" in said[1]
    assert await acts(stage, second) == ["submitted", "published"]
    assert count(tom, "Une fontaine") == 1
    check_manners(stage)


async def test_the_card_of_the_other_moderator_tells_by_itself_that_it_is_decided(stage: Stage):
    rosa, fatou, _ = await cast(stage)
    karim = await stage.joined("Karim", "nord", role=Role.ANIMATOR)
    proposal = await in_queue(rosa)
    await opens(karim, proposal)
    await publishes(fatou, proposal)
    await stage.advance(seconds=10)
    await karim.sees(proposal.number, "Fatou l’a publiée")
    assert "✅ Publier" not in karim.buttons()
    check_manners(stage)


async def test_a_lead_whose_role_has_ended_and_whoever_has_none_are_refused(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    sara = await stage.joined("Sara", "sud", role=Role.LEAD)
    await stage.joined("Karim", "nord", role=Role.ANIMATOR)
    member = await stage.joined("Ali", "nord", role=Role.MEMBER)
    proposal = await in_queue(rosa)
    published = await public(tom, fatou, "Une fontaine sur la place.")
    await opens(fatou, proposal)
    await fatou.taps("Écarter")
    await fatou.taps("C’est de la publicité")
    sure = await fatou.sees("Cela ne peut plus changer")
    await revoked(fatou, Role.LEAD)
    assert "Vous ne pouvez pas ouvrir cela" in await fatou.taps("Oui, c’est bien cela")
    for each in (fatou, sara, member, tom):
        await each.sends("/menu")
        stands = each.messages()[-1]
        for data in (
            PublishPress(proposal.id, proposal.revision).pack(),
            ShowAgainPress(proposal.id, proposal.revision).pack(),
            StepPress(proposal.id, ProposalAct.SET_ASIDE, proposal.revision).pack(),
            JoinWithPress(proposal.id, published.id).pack(),
            JoinedPress(proposal.id, proposal.revision, published.id).pack(),
            f"mod:{proposal.id}",
            f"mol:{proposal.id}",
            f"mot:{proposal.id}",
            f"mow:{proposal.id}",
            f"moj:{proposal.id}",
            "mod:9000000000",
            "mop:1",
        ):
            await each.forges(data, on=stands)
    await sara.sends("/moderation")
    await sara.sees("Aucune proposition")
    await tom.sends("/moderation")
    await tom.sees("Vous ne pouvez pas ouvrir cela")
    await rosa.sends("/moderation")
    await rosa.sees("Vous ne pouvez pas ouvrir cela")
    assert (await again(stage, proposal)).revision == proposal.revision
    assert await acts(stage, proposal) == ["submitted"]
    assert sure.text
    check_manners(stage)


async def test_joined_with_another_the_author_supports_that_one_and_is_told(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    first = await public(tom, fatou, "Des bancs devant l’école Bellefontaine pour les parents.")
    second = await in_queue(rosa, "Mettre des bancs devant l’ecole bellefontaine pour parents")
    await opens(fatou, second)
    await fatou.taps("Réunir")
    await fatou.sees("Quelle autre proposition dit la même chose")
    await fatou.sends("bonjour")
    await fatou.sees("Je ne trouve pas ce numéro")
    await fatou.sends("P-2026-999")
    await fatou.sends(second.number)
    await fatou.sees("Choisissez une autre proposition publiée")
    await fatou.taps(first.number)  # offered, because it says nearly the same
    await fatou.sees(second.number, "Elle sera réunie à celle-ci", first.number)
    sure = fatou.messages()[-1]
    await fatou.taps("Oui, les réunir")
    await fatou.sees(f"C’est réuni à {first.number}")
    await fatou.forges(JoinedPress(second.id, second.revision, first.id).pack(), on=sure)
    await stage.all_delivered()
    await rosa.sees(second.number, "Elle est réunie à la proposition", first.number)
    await tom.never_sees(second.number)
    kept = await again(stage, second)
    assert (kept.state, kept.merged_into_id) == (ProposalState.MERGED, first.id)
    assert await standing(stage, first) == {rosa.id: True}
    assert await acts(stage, second) == ["submitted", "merged"]
    check_manners(stage)


async def test_a_voice_is_published_as_the_text_that_a_moderator_has_written(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    proposal = await proposes(rosa, "", Attachment("voice", file=sample("voice")))
    await stage.all_delivered()
    await opens(fatou, proposal)
    await fatou.sees("L’auteur a parlé")
    assert "✅ Publier" not in fatou.buttons()
    toast = await fatou.forges(PublishPress(proposal.id, proposal.revision).pack(), on=fatou.messages()[-1])
    assert "Il faut un titre et un texte" in toast
    await fatou.taps("Ce que l’auteur a envoyé")
    assert any("voice" in each.body for each in fatou.messages())
    await fatou.taps("Lire et décider")
    await fatou.taps("Écrire le texte")
    await fatou.sends("Un banc devant l’école. Pour les parents.")
    await fatou.sees(proposal.number, "Un banc devant l’école", "Pour les parents")
    await fatou.taps("Changer le titre")
    await fatou.sends("É" * 81)
    await fatou.sees("trop long")
    await fatou.sends("Un banc pour attendre")
    await fatou.sees(f"{proposal.number} : Un banc pour attendre")
    await fatou.taps("Publier")
    await stage.all_delivered()
    await tom.sees("Une nouvelle proposition", "Un banc pour attendre")
    assert not any("voice" in each.body for each in tom.messages())
    assert await acts(stage, proposal) == ["submitted", "corrected", "corrected", "published"]
    check_manners(stage)


async def test_three_reports_hide_a_text_until_a_moderator_has_looked(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    proposal = await public(rosa, fatou)
    await supports(tom, proposal)
    neighbours = [await stage.joined(name, "nord") for name in ("Ana", "Bea", "Cid", "Dan", "Eva")]
    await reports(neighbours[0], proposal)
    await reports(neighbours[1], proposal, ReportReason.OFFENSIVE)
    await fatou.never_sees("signalé")
    await reports(neighbours[2], proposal)
    await stage.all_delivered()
    await rosa.sees("Des habitants ont signalé votre texte")
    await tom.never_sees("signalé")
    await fatou.sees("Des habitants ont signalé un texte", proposal.number)
    await fatou.taps("Lire et décider")
    await fatou.sees("Signalée", "vie privée (2)", "insultant ou violent (1)")
    await fatou.taps("Montrer de nouveau")
    await stage.all_delivered()
    await rosa.sees("de nouveau visible")
    assert (await again(stage, proposal)).hidden_at is None
    # Those reports are settled: two more do not hide it, and nobody reports twice.
    for each in (neighbours[0], *neighbours[3:]):
        await reports(each, proposal)
    assert (await again(stage, proposal)).hidden_at is None
    assert await acts(stage, proposal) == ["submitted", "published", "hidden", "shown_again"]
    check_manners(stage)


async def test_a_reported_text_that_is_set_aside_is_gone_and_its_supporters_learn_no_more_than_that(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    proposal = await public(rosa, fatou, "Mon voisin Durand fait du bruit.")
    await supports(tom, proposal)
    for name in ("Ana", "Bea", "Cid"):
        await reports(await stage.joined(name, "nord"), proposal)
    await opens(fatou, proposal)
    await fatou.taps("Écarter")
    await fatou.taps("Le texte parle d’une personne")
    await fatou.taps("Oui, c’est bien cela")
    await stage.all_delivered()
    await rosa.sees("est écartée", "Le texte parle d’une personne")
    await tom.sees(proposal.number, "Cette proposition est écartée")
    await tom.never_sees("Le texte parle")
    assert count(tom, "Durand") == 1  # when it was new
    await fatou.sends("/moderation")
    await fatou.sees("Aucune proposition")
    check_manners(stage)


async def test_nobody_publishes_words_of_their_own(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    proposal = await in_queue(fatou)
    await fatou.never_sees("attend votre avis")
    await claire.sees("attend votre avis", proposal.number)  # there is nobody nearer
    await fatou.sends("/moderation")
    await fatou.sees("Aucune proposition", f"Votre proposition {proposal.number} attend quelqu’un d’autre")
    toast = await fatou.forges(PublishPress(proposal.id, proposal.revision).pack(), on=fatou.messages()[-1])
    assert "Quelqu’un d’autre la lira" in toast
    assert (await again(stage, proposal)).state is ProposalState.SUBMITTED
    await publishes(claire, proposal)
    assert (await again(stage, proposal)).state is ProposalState.RECEIVED

    # Where there is really nobody else, they are told what to do about it.
    own = await in_queue(claire, "Un verger partagé.", "sud")
    await claire.sends("/moderation")
    await claire.sees(f"Votre proposition {own.number} attend", "Personne d’autre ne peut la lire")
    check_manners(stage)


async def test_links_and_numbers_are_flagged_and_the_oldest_comes_first(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    old = await in_queue(rosa)
    await stage.advance(minutes=5)
    bad = await in_queue(tom, "Appelez le 06 12 34 56 78 ou www.exemple.fr ou moi@exemple.fr")
    await stage.advance(minutes=5)
    emoji = await in_queue(tom, "🌳🌳🌳")
    await fatou.sends("/moderation")
    queue = await fatou.sees("3 propositions attendent votre avis")
    labels = fatou.buttons(queue)
    assert [each.number in label for each, label in zip((old, bad, emoji), labels, strict=False)] == [True] * 3
    assert not labels[0].startswith("⚠️")
    assert labels[1].startswith("⚠️")
    await fatou.taps(bad.number)
    await fatou.sees("À regarder", "un lien", "un numéro de téléphone", "une adresse e-mail")
    await fatou.taps("À relire")
    await fatou.taps(emoji.number)
    await fatou.sees("presque pas de mots")
    check_manners(stage)


async def test_the_same_words_again_after_they_were_set_aside_are_one_flag(stage: Stage):
    rosa, fatou, _ = await cast(stage)
    for _ in range(2):
        proposal = await in_queue(rosa, "Votez pour moi !")
        await opens(fatou, proposal)
        await fatou.taps("Écarter")
        await fatou.taps("C’est de la publicité")
        await fatou.taps("Oui, c’est bien cela")
    last = await in_queue(rosa, "Votez pour moi !")
    await opens(fatou, last)
    desk = await fatou.sees(last.number, "À regarder : déjà envoyée avant.")
    assert desk.text.count("déjà envoyée") == 1
    check_manners(stage)


async def test_a_text_as_long_as_a_message_is_read_whole_before_it_is_published(stage: Stage):
    rosa, fatou, _ = await cast(stage)
    proposal = await in_queue(rosa, "Un banc. " + "é" * 4_000 + " fin")
    await fatou.sends("/moderation")
    await fatou.taps(proposal.number)
    await fatou.sees("é" * 4_000 + " fin")
    await fatou.taps("Publier")
    await fatou.sees("est publiée")
    check_manners(stage)


async def test_who_muted_the_news_or_reads_digests_is_not_told_of_new_proposals_one_by_one(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    await tom.sends("/profil")
    await tom.taps("nouvelles")
    await tom.taps("Un message par jour")
    await public(rosa, fatou)
    await tom.never_sees("banc")
    await stage.go_to_next(stage.now().weekday(), 18, 1)
    await tom.sees("Les nouvelles du jour", "Un banc devant l’école")
    check_manners(stage)
