"""The agenda as residents read it: of which proposals the council will talk, what was said of them, what is off."""

from handlers.cards.meeting_agenda import DayProposalsPress
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.proposals import Proposal
from tests.scenes.manners import check_manners
from tests.scenes.meeting_steps import at, calls_off, count, in_french, meeting_of, opens_managed
from tests.scenes.moderation_steps import acts, follows, menu, public, reports, supports
from tests.scenes.stage import PARIS, Person, Stage

SURE = "Oui, c’est bien cela"


async def cast(stage: Stage) -> tuple[Person, Person, Person]:
    """An author, a lead, a resident."""
    return (
        await stage.joined("Rosa", "nord"),
        await stage.joined("Fatou", "nord", role=Role.LEAD),
        await stage.joined("Tom", "nord"),
    )


async def puts_on(lead: Person, proposal: Proposal, title: str) -> None:
    await menu(lead, proposal)
    await lead.taps("ordre du jour")
    await lead.taps(title)


async def opens_meeting(person: Person, title: str, *, past: bool = False) -> None:
    await person.sends("/reunions")
    if past:
        await person.taps("Réunions passées")
    await person.taps(title)


async def test_a_resident_reads_on_the_meeting_what_it_will_talk_of_and_later_what_was_said(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    await meeting_of(stage, fatou, title="Conseil de mars", starts_at=at(stage, 3, 18))
    proposal = await public(rosa, fatou)
    await opens_meeting(tom, "Conseil de mars")
    assert "💡" not in tom.texts()[-1]
    await puts_on(fatou, proposal, "Conseil de mars")
    await stage.all_delivered()
    await opens_meeting(tom, "Conseil de mars")
    await tom.sees("Conseil de mars", f"💡 {proposal.number} : Un banc devant l’école")
    await tom.taps("Oui", on=tom.messages()[-1])
    await tom.sees("Votre réponse : oui", f"{proposal.number} : Un banc devant l’école")
    await tom.taps(proposal.number, on=tom.messages()[-1])
    await tom.sees("Le conseil en parle", "Conseil de mars")

    # Off the agenda, and hidden: nobody reads it there.
    await menu(fatou, proposal)
    await fatou.taps("Changer de réunion")
    await fatou.taps("Enlever de l’ordre du jour")
    await opens_meeting(tom, "Conseil de mars")
    assert proposal.number not in tom.texts()[-1]
    await puts_on(fatou, proposal, "Conseil de mars")
    for name in ("Bea", "Cid", "Dan"):
        await reports(await stage.joined(name, "nord"), proposal)
    await opens_meeting(tom, "Conseil de mars")
    assert proposal.number not in tom.texts()[-1]
    await fatou.sends(proposal.number)
    await fatou.taps("Relire et décider")
    await fatou.taps("Montrer de nouveau")

    await stage.advance(days=4)
    await menu(fatou, proposal)
    await fatou.taps("Discutée")
    await fatou.sends("On <écrit> à la mairie")
    await fatou.taps(SURE)
    await opens_meeting(tom, "Conseil de mars", past=True)
    await tom.sees("Cette réunion est finie", f"{proposal.number} : Un banc devant l’école (discutée)", "On <écrit>")
    check_manners(stage, words_of_people=("<écrit>",))


async def test_of_many_three_stand_on_the_card_and_a_list_has_all(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    sara = await stage.joined("Sara", "sud")
    meeting = await meeting_of(stage, fatou, title="Conseil de mars", starts_at=at(stage, 3, 18))
    made = [await public(rosa, fatou, f"Un {each} pour le parc") for each in ("banc", "arbre", "jeu", "mur", "toit")]
    for each in made:
        await puts_on(fatou, each, "Conseil de mars")
    await stage.all_delivered()
    await opens_meeting(tom, "Conseil de mars")
    await tom.sees("Conseil de mars", "5 propositions sont à l’ordre du jour")
    await tom.taps("Toutes les propositions du jour (5)", on=tom.messages()[-1])
    listed = tom.messages()[-1]
    assert all(any(each.number in label for label in tom.buttons(listed)) for each in made)
    await tom.taps(made[4].number, on=listed)
    await tom.sees("Un toit pour le parc", "Le conseil en parle")
    await sara.sends("/menu")
    assert "Vous ne pouvez pas" in await sara.forges(DayProposalsPress(meeting).pack(), on=sara.messages()[-1])
    check_manners(stage)


async def test_who_asks_for_the_minutes_reads_what_became_of_the_proposals_of_that_day(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    await meeting_of(stage, fatou, title="Conseil de mars", starts_at=at(stage, 3, 18))
    proposal = await public(rosa, fatou)
    await puts_on(fatou, proposal, "Conseil de mars")
    await stage.advance(days=4)
    await menu(fatou, proposal)
    await fatou.taps("Discutée")
    await fatou.taps("Le conseil est d’accord")
    await fatou.taps(SURE)
    await opens_managed(fatou, "Conseil de mars")
    await fatou.taps("Donner le compte rendu")
    await fatou.sends(attachment=Attachment("document", file=sample("document")))
    await opens_meeting(tom, "Conseil de mars", past=True)
    await tom.taps("Compte rendu", on=tom.messages()[-1])
    minutes = await tom.sees("Compte rendu", f"{proposal.number} : Un banc devant l’école (discutée)")
    assert "document" in minutes.body
    check_manners(stage)


async def test_a_meeting_that_is_called_off_is_promised_to_nobody_any_more(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    sami, ana = await stage.joined("Sami", "sud"), await stage.joined("Ana", "nord")
    await meeting_of(stage, fatou, title="Conseil de mars", starts_at=at(stage, 3, 18))
    await meeting_of(stage, fatou, title="Conseil d’avril", starts_at=at(stage, 30, 18))
    proposal, done = await public(rosa, fatou), await public(rosa, fatou, "Un arbre sur la place")
    await follows(sami, proposal)
    await supports(tom, proposal)
    for each in (proposal, done):
        await puts_on(fatou, each, "Conseil de mars")
    await menu(fatou, done)
    await fatou.taps("Refusée")
    await fatou.taps("Cela existe déjà")
    await fatou.taps(SURE)
    await stage.all_delivered()
    await sami.sends(proposal.number)
    card = await sami.sees("Le conseil en parle", "Conseil de mars")
    await calls_off(fatou, "Conseil de mars")
    for each in (rosa, sami, tom):
        await each.sees(proposal.number, "La réunion est annulée : Conseil de mars", "n’en parlera pas")
        assert count(each, "n’en parlera pas") == 1
    await ana.never_sees("n’en parlera pas")
    await fatou.never_sees("n’en parlera pas")
    await stage.advance(minutes=1)
    assert "Le conseil en parle" not in sami.phone.chat().messages[card.id].text
    lead_card = await fatou.sees("Cette réunion est annulée", "1 proposition n’a plus de réunion", proposal.number)
    assert await acts(stage, proposal) == ["submitted", "published", "put_on_agenda", "taken_off_agenda"]
    assert await acts(stage, done) == ["submitted", "published", "put_on_agenda", "refused"]

    # A place on the next agenda is one tap away, and then nothing is said of the old one.
    await fatou.taps(proposal.number, on=lead_card)
    await fatou.taps("Mettre à l’ordre du jour")
    await fatou.taps("avril")
    await stage.all_delivered()
    for each in (rosa, sami, tom):
        await each.sees(proposal.number, "Le conseil va en parler : Conseil d’avril")
    check_manners(stage)


async def test_a_moved_meeting_shows_its_day_on_the_cards_and_one_that_is_over_is_no_promise(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    await meeting_of(stage, fatou, title="Conseil de mars", starts_at=at(stage, 3, 18))
    proposal = await public(rosa, fatou)
    await puts_on(fatou, proposal, "Conseil de mars")
    await stage.all_delivered()
    await tom.sends(proposal.number)
    card = await tom.sees("Le conseil en parle le", in_french(at(stage, 3, 18)))
    later = at(stage, 5, 18)
    await fatou.taps("Déplacer", on=await opens_managed(fatou, "Conseil de mars"))
    await fatou.sends(f"{later.astimezone(PARIS):%d/%m} 18h")
    await fatou.taps("Enregistrer")
    await stage.advance(minutes=1)
    shown = tom.phone.chat().messages[card.id].text
    assert in_french(later) in " ".join(shown.split())
    await stage.advance(days=6)
    await tom.sends(proposal.number)
    await tom.sees(f"Elle était à l’ordre du jour le {in_french(later)} : Conseil de mars")
    assert "en parle" not in tom.texts()[-1]
    check_manners(stage)
