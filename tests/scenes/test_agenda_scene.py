"""The agenda as residents read it: of which proposals the council will talk, what was said of them, what is off."""

from handlers.cards.meeting_agenda import DayProposalsPress
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.proposals import Proposal
from tests.scenes.manners import check_manners
from tests.scenes.meeting_steps import at, meeting_of, opens_managed
from tests.scenes.moderation_steps import menu, public, reports
from tests.scenes.stage import Person, Stage

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


async def calls_off(lead: Person, title: str) -> None:
    live = await opens_managed(lead, title)
    await lead.taps("Annuler la réunion", on=live)
    await lead.taps("Le lieu n’est plus libre")
    await lead.taps("Oui, elle n’aura pas lieu")
    await lead.stage.all_delivered()


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
