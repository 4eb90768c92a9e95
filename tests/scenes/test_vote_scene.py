"""The council's vote: for, against, abstain, a view that differs; a lead confirms what members have said, once."""

from datetime import timedelta

from handlers.cards.interpellation import ConfirmVotePress, ViewPress, VotePress
from handlers.cards.interpellation_more import ResultPress, VoteAgainPress
from storage.interpellations import Interpellation, InterpellationAct, InterpellationState, VoteChoice
from storage.people import Role
from tests.scenes.interpellation_steps import (
    after_the_vote,
    again,
    events_of,
    opened,
    signs,
    votes,
    votes_of,
    with_partners,
)
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage


async def voting(stage: Stage, lead: Person) -> Interpellation:
    """Signed by two, put to the vote, everybody told."""
    rosa, ben = await stage.joined("Rosa", "nord"), await stage.joined("Ben", "nord")
    made = await opened(stage, rosa, lead)
    await signs(stage, ben, made)
    await stage.all_delivered()
    return made


async def members(stage: Stage, *names: str) -> list[Person]:
    return [await stage.joined(each, "nord", role=Role.MEMBER) for each in names]


async def test_members_vote_change_their_minds_and_what_differs_is_written_down(stage: Stage):
    await with_partners(stage)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    max_, ana = await members(stage, "Max", "Ana")
    made = await voting(stage, lea)
    await max_.sees("Le conseil vote jusqu’au", "Vous pourrez le changer")
    await max_.taps("Lire et voter")
    await max_.taps("Pour")
    await max_.sees("1 membre a voté", "Vous avez voté pour")
    await max_.taps("Contre")
    await max_.sees("1 membre a voté", "Vous avez voté contre")
    await max_.taps("Mon avis différent")
    await max_.sees("Il sera dans la lettre, sans votre nom")
    await max_.sends("Il faut <d’abord> en parler & attendre.")
    await max_.sees("Votre avis est gardé, comme vous l’avez écrit")
    await ana.taps("Lire et voter")
    await ana.taps("Pour")
    await lea.taps("Lire et voter")
    await lea.taps("Pour")
    await after_the_vote(stage, made)
    await lea.sees("Le vote est fini. Confirmez le résultat")
    await max_.never_sees("Confirmez le résultat")
    await lea.taps("Voir la question", on=await lea.sees("Confirmez le résultat"))
    await lea.taps("Confirmer le résultat")
    await lea.sees("Vote : 2 pour, 1 contre et 0 abstention", "Avis différent", "en parler & attendre")
    await lea.taps("Confirmer : oui")
    await stage.all_delivered()
    kept = await again(stage, made)
    assert kept.state is InterpellationState.ADOPTED
    assert kept.majority_position.replace("\u202f", " ").startswith("Le conseil est d’accord : 2 pour, 1 contre")
    assert kept.dissenting_views == ["Il faut <d’abord> en parler & attendre."]
    for each in (stage.people["Rosa"], stage.people["Ben"], max_, ana):
        await each.sees("Le conseil a dit oui", "2 pour, 1 contre")
    check_manners(stage, words_of_people=("Il faut <d’abord> en parler & attendre.",))


async def test_a_vote_after_the_end_is_refused_with_its_sentence(stage: Stage):
    await with_partners(stage)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    (max_,) = await members(stage, "Max")
    made = await voting(stage, lea)
    await max_.taps("Lire et voter")
    card = max_.messages()[-1]
    await max_.taps("Contre")
    until = (await again(stage, made)).vote_until
    assert until is not None
    await stage.go_to(until - timedelta(minutes=10))
    await max_.taps("Mon avis différent", on=card)
    await stage.advance(minutes=20)
    await max_.sends("Trop tard")
    await max_.sees("Le vote est fini. On ne peut plus voter")
    assert "Le vote est fini" in await max_.forges(VotePress(made.id, VoteChoice.FOR).pack(), on=card)
    assert await max_.forges(ViewPress(made.id).pack(), on=card)
    assert [(each.choice, each.view) for each in await votes_of(stage, made)] == [(VoteChoice.AGAINST, "")]
    check_manners(stage)


async def test_only_members_vote_and_only_a_lead_confirms(stage: Stage):
    await with_partners(stage)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    elsewhere = await stage.joined("Zoé", "sud", role=Role.MEMBER)
    (max_,) = await members(stage, "Max")
    made = await voting(stage, lea)
    for each in (julien, elsewhere, stage.people["Ben"]):
        await each.sends("/menu")
        toast = await each.forges(VotePress(made.id, VoteChoice.FOR).pack(), on=each.messages()[-1])
        assert "Seuls les membres du conseil votent" in toast
    await max_.taps("Lire et voter")
    await max_.taps("Pour")
    kept = await again(stage, made)
    await lea.sends("/menu")
    early = ResultPress(made.id, kept.revision, True)
    assert "Le vote n’est pas fini" in await lea.forges(early.pack(), on=lea.messages()[-1])
    assert await lea.forges(ConfirmVotePress(made.id).pack(), on=lea.messages()[-1])
    await after_the_vote(stage, made)
    kept = await again(stage, made)
    for each in (julien, max_, stage.people["Ben"]):
        for press in (
            ConfirmVotePress(made.id),
            ResultPress(made.id, kept.revision, True),
            VoteAgainPress(made.id, kept.revision),
        ):
            assert "pouvez pas ouvrir" in await each.forges(press.pack(), on=each.messages()[-1]), press
    assert (await again(stage, made)).state is InterpellationState.VOTING


async def test_a_majority_against_is_said_to_all_and_cannot_be_turned_round(stage: Stage):
    await with_partners(stage)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    max_, ana = await members(stage, "Max", "Ana")
    made = await voting(stage, lea)
    for each in (max_, ana):
        await votes(stage, each, made, VoteChoice.AGAINST)
    await votes(stage, lea, made, VoteChoice.FOR)
    await after_the_vote(stage, made)
    kept = await again(stage, made)
    await lea.sends("/menu")
    turned = ResultPress(made.id, kept.revision, True)
    assert "voté autre chose" in await lea.forges(turned.pack(), on=lea.messages()[-1])
    await lea.taps("Voir la question")
    await lea.taps("Confirmer le résultat")
    assert not [each for each in lea.buttons() if "oui" in each]
    await lea.sends("Le conseil préfère attendre le printemps.")
    await lea.sees("Le conseil préfère attendre le printemps")
    await lea.taps("Confirmer : non")
    await stage.all_delivered()
    for each in (max_, ana, stage.people["Rosa"], stage.people["Ben"]):
        await each.sees("Le conseil a dit non", "Le conseil préfère attendre le printemps")
    assert (await again(stage, made)).state is InterpellationState.REJECTED
    check_manners(stage)


async def test_as_many_for_as_against_is_voted_again(stage: Stage):
    await with_partners(stage)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    max_, ana = await members(stage, "Max", "Ana")
    made = await voting(stage, lea)
    await votes(stage, max_, made, VoteChoice.AGAINST)
    await votes(stage, lea, made, VoteChoice.FOR)
    await after_the_vote(stage, made)
    await lea.taps("Voir la question")
    await lea.taps("Confirmer le résultat")
    assert not [each for each in lea.buttons() if "oui" in each]
    await lea.taps("Voter encore")
    await stage.all_delivered()
    called = await ana.sees("Votre vote est attendu", times=2)
    await ana.taps("Lire et voter", on=called)
    await ana.taps("Pour")
    await after_the_vote(stage, made)
    await lea.taps("Voir la question")
    await lea.taps("Confirmer le résultat")
    await lea.taps("Confirmer : oui")
    assert (await again(stage, made)).state is InterpellationState.ADOPTED
    check_manners(stage)


async def test_two_leads_at_once_confirm_it_once(stage: Stage):
    await with_partners(stage)
    lea, tom = await stage.joined("Léa", "nord", role=Role.LEAD), await stage.joined("Tom", "nord", role=Role.LEAD)
    (max_,) = await members(stage, "Max")
    made = await voting(stage, lea)
    await votes(stage, max_, made, VoteChoice.FOR)
    await after_the_vote(stage, made)
    for each in (lea, tom):
        await each.taps("Voir la question", on=await each.sees("Confirmez le résultat"))
        await each.taps("Confirmer le résultat")
    presses = [each.phone.presses(each.messages()[-1], row=0, column=0) for each in (lea, tom)]
    await stage.until(lambda: all(each.answer is not None for each in presses))
    await stage.all_delivered()
    acts = [each.act for each in await events_of(stage, made)]
    assert acts.count(InterpellationAct.ADOPTED) == 1
    assert len([each for each in stage.people["Rosa"].texts() if "a dit oui" in each]) == 1
    again_pressed = await tom.forges(ResultPress(made.id, 1, True).pack(), on=tom.messages()[-1])
    assert "a changé" in again_pressed


async def test_a_council_without_members_leaves_it_to_a_lead_who_says_why(stage: Stage):
    await with_partners(stage)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    made = await voting(stage, lea)
    await lea.sees("Le conseil n’a pas de membres. À vous de décider")
    await lea.taps("Voir la question", on=await lea.sees("À vous de décider"))
    await lea.taps("Confirmer le résultat")
    await lea.sends("Les trois tours ont signé.")
    await lea.sees("Les trois tours ont signé.")
    await lea.taps("Confirmer : oui")
    kept = await again(stage, made)
    assert (kept.state, kept.majority_position) == (InterpellationState.ADOPTED, "Les trois tours ont signé.")
    check_manners(stage)


async def test_bad_views_and_positions_get_their_sentence(stage: Stage):
    await with_partners(stage)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    (max_,) = await members(stage, "Max")
    made = await voting(stage, lea)
    await max_.taps("Lire et voter")
    card = max_.messages()[-1]
    assert await max_.forges(ViewPress(made.id).pack(), on=card)
    await max_.taps("Je m’abstiens")
    await max_.taps("Mon avis différent")
    await max_.sends("é" * 4096)
    await max_.sees("C’est trop long")
    await stage.advance(seconds=6)
    await max_.sends("Je ne sais pas encore.")
    await max_.sees("Votre avis est gardé")
    await max_.taps("Pour")
    assert [each.view for each in await votes_of(stage, made)] == [""]
    await after_the_vote(stage, made)
    await lea.taps("Voir la question")
    await lea.taps("Confirmer le résultat")
    await lea.sends("é" * 4096)
    await lea.sees("C’est trop long", "Le conseil est d’accord")
    check_manners(stage)
