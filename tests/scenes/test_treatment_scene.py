"""After a proposal is public: the council talks of it, says what it makes of it, and everybody concerned hears once."""

from handlers.cards.proposal_deciding import StepPress
from handlers.cards.proposal_treatment import AgendaChosenPress
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.proposals import ProposalAct, ProposalState
from tests.scenes.manners import check_manners
from tests.scenes.meeting_steps import at, calls_off, count, meeting_of, opens_managed
from tests.scenes.moderation_steps import acts, follows, in_queue, menu, public, reports, revoked, supports
from tests.scenes.proposal_steps import again
from tests.scenes.stage import Person, Stage

SURE = "Oui, c’est bien cela"


async def cast(stage: Stage) -> tuple[Person, Person, Person, Person]:
    """An author, a lead, one who supports, one who follows."""
    return (
        await stage.joined("Rosa", "nord"),
        await stage.joined("Fatou", "nord", role=Role.LEAD),
        await stage.joined("Tom", "nord"),
        await stage.joined("Ana", "nord"),
    )


async def test_from_the_agenda_to_a_picture_of_what_was_done_each_told_once(stage: Stage):
    rosa, fatou, tom, ana = await cast(stage)
    sam = await stage.joined("Sam", "nord")
    await meeting_of(stage, fatou, title="Conseil de mars", starts_at=at(stage, 3, 18))
    proposal = await public(rosa, fatou)
    await supports(tom, proposal)
    await follows(ana, proposal)
    concerned = (rosa, tom, ana)

    await menu(fatou, proposal)
    await fatou.taps("Mettre à l’ordre du jour")
    question = await fatou.sees("À quelle réunion")
    await fatou.taps("Conseil de mars")
    await fatou.forges(AgendaChosenPress(proposal.id, 2, 1).pack(), on=question)
    await stage.all_delivered()
    for each in concerned:
        await each.sees(proposal.number, "Le conseil va en parler : Conseil de mars")
        assert count(each, "Le conseil va en parler") == 1
    live = await opens_managed(fatou, "Conseil de mars")
    await fatou.taps("Propositions du jour", on=live)
    await fatou.sees("1 proposition est à l’ordre du jour")

    # After the meeting, from its list, by buttons alone.
    await stage.advance(days=4)
    await opens_managed(fatou, "Conseil de mars")
    await fatou.taps("Propositions du jour")
    await fatou.taps(proposal.number)
    await fatou.taps("Discutée")
    await fatou.taps("Le conseil est d’accord")
    await fatou.sees("Je note : discutée", "3 personnes seront prévenues")
    sure = fatou.messages()[-1]
    presses = [fatou.phone.presses(sure, row=0) for _ in range(2)]  # a double tap
    await stage.until(lambda: all(each.answer is not None for each in presses))
    await stage.all_delivered()
    for each in concerned:
        await each.sees(proposal.number, "Le conseil en a parlé", "Le conseil est d’accord")
        assert count(each, "Le conseil en a parlé") == 1

    for label, words, said in (
        ("Retenue", "On <écrit> à la mairie & au bailleur", "Le conseil est d’accord. Il s’en occupe"),
        ("Transmise", "À Mme la maire", "Le conseil l’a transmise"),
        ("Réponse reçue", "C’est accepté pour juin", "Une réponse est arrivée"),
    ):
        await fatou.taps(label)
        await fatou.sends(words)
        await fatou.taps(SURE)
        await stage.all_delivered()
        for each in concerned:
            await each.sees(proposal.number, said, words)
            assert count(each, said) == 1

    await fatou.taps("Réalisée")
    await fatou.taps("C’est en place")
    await fatou.sees("Avez-vous une photo")
    await fatou.sends("Un mot de plus")  # is what is said, and the picture is asked for still
    await fatou.taps("Changer la photo")
    await fatou.sends(attachment=Attachment("voice", file=sample("voice")))
    await fatou.sees("Envoyez une image", "Avez-vous une photo")
    await fatou.sends(attachment=Attachment("photo", file=sample("photo")))
    await fatou.sees("Je note : réalisée", "Un mot de plus")
    await fatou.taps(SURE)
    await stage.all_delivered()
    for each in concerned:
        done = await each.sees(proposal.number, "C’est fait", "Un mot de plus")
        assert "photo" in done.body
    await fatou.taps("Dite en réunion")
    await fatou.taps("Ne rien ajouter")
    await fatou.taps(SURE)
    await stage.all_delivered()
    for each in concerned:
        await each.sees("Le conseil a dit en réunion ce qui a été fait")
    await fatou.sees("Il n’y a rien de plus à noter")
    assert [each for each in sam.texts() if proposal.number in each] == [sam.texts()[-1]]  # when it was new
    assert await acts(stage, proposal) == [
        "submitted",
        "published",
        "put_on_agenda",
        "discussed",
        "retained",
        "forwarded",
        "answered",
        "done",
        "reported_back",
    ]
    kept = await again(stage, proposal)
    assert kept.state is ProposalState.REPORTED_BACK
    assert kept.done_photo_file_id
    check_manners(stage, words_of_people=("<écrit>",))


async def test_a_refusal_needs_its_reason_which_everybody_concerned_reads(stage: Stage):
    rosa, fatou, tom, _ = await cast(stage)
    proposal = await public(rosa, fatou)
    await supports(tom, proposal)
    await menu(fatou, proposal)
    await fatou.taps("Refusée")
    question = await fatou.sees("Pourquoi est-elle refusée")
    assert "Ne rien ajouter" not in fatou.buttons(question)
    await fatou.forges("ptn", on=question)
    await fatou.forges("ptu:99", on=question)
    await fatou.sends("é" * 1_001)
    await fatou.sees("trop long")
    await fatou.taps("Annuler")
    assert (await again(stage, proposal)).state is ProposalState.RECEIVED
    await menu(fatou, proposal)
    await fatou.taps("Refusée")
    await fatou.sends("Trop <cher> & trop loin")
    await fatou.taps(SURE)
    await stage.all_delivered()
    for each in (rosa, tom):
        await each.sees("Cette proposition est refusée", "Trop <cher> & trop loin")
    assert fatou.buttons()[0] == "📣 Dite en réunion"
    check_manners(stage, words_of_people=("<cher> &",))


async def test_two_leads_at_once_have_one_effect_and_the_other_reads_who_did_what(stage: Stage):
    rosa, fatou, _, _ = await cast(stage)
    karim = await stage.joined("Karim", "nord", role=Role.ANIMATOR)
    proposal = await public(rosa, fatou)
    for each, label, words in (
        (fatou, "Retenue", "Le conseil va s’en occuper"),
        (karim, "Refusée", "Cela existe déjà"),
    ):
        await menu(each, proposal)
        await each.taps(label)
        await each.taps(words)
    await fatou.taps(SURE)
    assert "Fatou a noté : retenue" in await karim.taps(SURE)
    await karim.sees("État : retenue", "Fatou a noté : retenue")
    assert "Fatou a noté" in await karim.forges(
        StepPress(proposal.id, ProposalAct.DONE, 2).pack(), on=karim.messages()[-1]
    )
    assert await acts(stage, proposal) == ["submitted", "published", "retained"]
    await rosa.never_sees("refusée")
    check_manners(stage)


async def test_who_leads_no_more_is_refused_in_the_midst_and_so_is_everybody_else(stage: Stage):
    rosa, fatou, tom, _ = await cast(stage)
    sara = await stage.joined("Sara", "sud", role=Role.LEAD)
    member = await stage.joined("Ali", "nord", role=Role.MEMBER)
    meeting = await meeting_of(stage, fatou, title="Conseil de mars", starts_at=at(stage, 3, 18))
    proposal = await public(rosa, fatou)
    await menu(fatou, proposal)
    await fatou.taps("Réalisée")
    await fatou.taps("C’est en place")
    await fatou.taps("Sans photo")
    await revoked(fatou, Role.LEAD)
    assert "Vous ne pouvez pas" in await fatou.taps(SURE)
    for each in (fatou, sara, member, tom, rosa):
        await each.sends("/menu")
        stands = each.messages()[-1]
        for data in (
            f"pt:{proposal.id}",
            f"pta:{proposal.id}:0",
            AgendaChosenPress(proposal.id, proposal.revision, meeting).pack(),
            StepPress(proposal.id, ProposalAct.REFUSED, proposal.revision).pack(),
            StepPress(proposal.id, ProposalAct.HIDDEN, proposal.revision).pack(),
            f"ptl:{meeting}:0",
            "pt:9000000000",
            "pty",
            "mox::0",
        ):
            await each.forges(data, on=stands)
    assert await acts(stage, proposal) == ["submitted", "published"]
    check_manners(stage)


async def test_only_a_coming_meeting_of_the_same_council_takes_it_and_another_may_follow(stage: Stage):
    rosa, fatou, _, _ = await cast(stage)
    sara = await stage.joined("Sara", "sud", role=Role.LEAD)
    proposal = await public(rosa, fatou)
    elsewhere = await meeting_of(stage, sara, "sud", title="Ailleurs", starts_at=at(stage, 3, 18))
    await menu(fatou, proposal)
    await fatou.taps("Mettre à l’ordre du jour")
    nothing = await fatou.sees("Aucune réunion n’est annoncée")
    forged = AgendaChosenPress(proposal.id, proposal.revision, elsewhere).pack()
    assert "Cette réunion a commencé ou n’a pas lieu" in await fatou.forges(forged, on=nothing)
    first = await meeting_of(stage, fatou, title="Mars", starts_at=at(stage, 3, 18))
    await meeting_of(stage, fatou, title="Avril", starts_at=at(stage, 30, 18))
    for title in ("Mars", "Avril"):
        await menu(fatou, proposal)
        await fatou.taps("réunion" if title == "Avril" else "Mettre à l’ordre du jour")
        await fatou.taps(title)
    await stage.all_delivered()
    await rosa.sees("Le conseil va en parler : Avril")
    assert (await again(stage, proposal)).meeting_id != first
    await menu(fatou, proposal)
    await fatou.taps("Changer de réunion")
    await fatou.taps("Enlever de l’ordre du jour")
    await stage.all_delivered()
    await rosa.sees("Le conseil n’en parlera pas à la réunion prévue")
    assert (await again(stage, proposal)).meeting_id is None
    await menu(fatou, proposal)
    await fatou.taps("Mettre à l’ordre du jour")
    await fatou.taps("Mars")
    await calls_off(fatou, "Mars")
    await rosa.sees("La réunion est annulée : Mars", "Le conseil n’en parlera pas ce jour-là")
    await rosa.sends(proposal.number)
    await rosa.sees("Le conseil l’a reçue")
    agenda = ["put_on_agenda", "put_on_agenda", "taken_off_agenda", "put_on_agenda", "taken_off_agenda"]
    assert await acts(stage, proposal) == ["submitted", "published", *agenda]
    check_manners(stage)


async def test_what_is_undone_before_the_night_is_over_is_not_told(stage: Stage):
    rosa, fatou, _, _ = await cast(stage)
    proposal = await public(rosa, fatou)
    await meeting_of(stage, fatou, title="Mars", starts_at=at(stage, 3, 18))
    await stage.go_to_next(stage.now().weekday(), 22)
    await menu(fatou, proposal)
    await fatou.taps("Mettre à l’ordre du jour")
    await fatou.taps("Mars")
    await fatou.taps("Changer de réunion")
    await fatou.taps("Enlever de l’ordre du jour")
    await stage.go_to_next((stage.now().weekday() + 1) % 7, 9)
    await rosa.sees("Le conseil n’en parlera pas")
    await rosa.never_sees("Le conseil va en parler")
    check_manners(stage)


async def test_a_lead_treats_their_own_but_does_not_set_it_aside(stage: Stage):
    _, fatou, _, _ = await cast(stage)
    karim = await stage.joined("Karim", "nord", role=Role.ANIMATOR)
    proposal = await public(fatou, karim)
    await menu(fatou, proposal)
    assert not any("Écarter" in each or "Réunir" in each for each in fatou.buttons())
    forged = StepPress(proposal.id, ProposalAct.SET_ASIDE, proposal.revision).pack()
    assert "Quelqu’un d’autre" in await fatou.forges(forged, on=fatou.messages()[-1])
    await fatou.taps("Retenue")
    await fatou.taps("Ne rien ajouter")
    await fatou.taps(SURE)
    assert (await again(stage, proposal)).state is ProposalState.RETAINED
    check_manners(stage)


async def test_a_reported_text_waits_for_a_moderator_before_anything_else_is_said_of_it(stage: Stage):
    rosa, fatou, tom, _ = await cast(stage)
    proposal = await public(rosa, fatou)
    await supports(tom, proposal)
    await menu(fatou, proposal)
    await fatou.taps("Retenue")
    await fatou.taps("Le conseil va s’en occuper")
    for name in ("Bea", "Cid", "Dan"):
        await reports(await stage.joined(name, "nord"), proposal)
    await fatou.taps(SURE)
    await fatou.sees(proposal.number, "Des habitants l’ont signalée. Décidez d’abord")
    await fatou.taps("Voir les signalements")
    await fatou.taps("Montrer de nouveau")
    await menu(fatou, proposal)
    await fatou.taps("Retenue")
    await fatou.taps("Le conseil va s’en occuper")
    await fatou.taps(SURE)
    await stage.all_delivered()
    assert count(tom, "Il s’en occupe") == 1
    check_manners(stage)


async def test_steps_of_one_evening_are_all_read_in_the_morning(stage: Stage):
    rosa, fatou, _, _ = await cast(stage)
    proposal = await public(rosa, fatou)
    await stage.go_to_next(stage.now().weekday(), 22)
    for label in ("Discutée", "Retenue"):
        await menu(fatou, proposal)
        await fatou.taps(label)
        await fatou.taps("Ne rien ajouter")
        await fatou.taps(SURE)
    await rosa.never_sees("Le conseil en a parlé")
    await stage.go_to_next((stage.now().weekday() + 1) % 7, 9)
    await rosa.sees("Le conseil en a parlé")
    await rosa.sees("Le conseil est d’accord. Il s’en occupe")
    check_manners(stage)


async def test_what_stands_still_is_listed_once_to_lead_and_animator(stage: Stage):
    rosa, fatou, tom, _ = await cast(stage)
    karim = await stage.joined("Karim", "nord", role=Role.ANIMATOR)
    proposal = await public(rosa, fatou)
    unread = await in_queue(tom, "Une fontaine sur la place.")
    await stage.advance(weeks=6, days=1)
    for each in (fatou, karim):
        await each.sees("Quartier Nord", "2 propositions n’avancent pas")
        assert count(each, "n’avancent pas") == 1
    await stage.advance(days=1)
    assert count(karim, "n’avancent pas") == 1
    await fatou.taps("Voir la liste")
    listed = await fatou.sees("2 propositions n’avancent pas", "Des habitants attendent")
    assert any(unread.number in each and "à relire" in each for each in fatou.buttons(listed))
    await fatou.taps(proposal.number)
    await fatou.taps("Refusée")
    await fatou.taps("Cela existe déjà")
    await fatou.taps(SURE)
    await fatou.sends("/moderation")
    await fatou.taps("n’avancent pas")
    await fatou.sees("1 proposition n’avance pas")
    await tom.never_sees("n’avance")
    check_manners(stage)
