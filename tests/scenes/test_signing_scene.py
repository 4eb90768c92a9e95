"""Co-signing: once each, by first name or as a number, until the time is over; enough of them begin the vote."""

from handlers.cards.interpellation import (
    ProlongPress,
    ShareInterpellationPress,
    SignNamePress,
    SignPress,
    UnsignPress,
    WithdrawInterpellationPress,
)
from handlers.cards.interpellation_more import FollowAndSignPress, WithdrawnInterpellationPress
from storage.interpellations import InterpellationAct, InterpellationState
from storage.people import Role
from tests.scenes.interpellation_steps import (
    adopted,
    again,
    events_of,
    opened,
    signatures_of,
    submitted,
    with_partners,
)
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage


async def opens(person: Person) -> None:
    """From the shelf of what waits for a signature to the card."""
    await person.sends("/interpeller")
    await person.taps("À signer")
    await person.taps("I-2026")


async def test_neighbours_sign_and_the_vote_begins_by_itself(stage: Stage):
    await with_partners(stage, signatures=3)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    max_ = await stage.joined("Max", "nord", role=Role.MEMBER)
    rosa, ben, noor = [await stage.joined(each, "nord") for each in ("Rosa", "Ben", "Noor")]
    made = await opened(stage, rosa, lea)
    await stage.all_delivered()
    await opens(ben)
    await ben.sees("On peut signer jusqu’au", "1 signature sur 3")
    card = ben.messages()[-1]
    assert "Vous avez signé" in await ben.taps("Je signe")
    await ben.sees("2 signatures sur 3", "sans votre prénom")
    await ben.taps("Montrer mon prénom")
    await ben.sees("avec votre prénom")
    assert "déjà signé" in await ben.forges(SignPress(made.id).pack(), on=card)
    await opens(noor)
    await noor.taps("Je signe")
    await stage.all_delivered()
    for each in (rosa, ben):
        await each.sees("Il y a assez de signatures")
    await max_.sees("Votre vote est attendu")
    await stage.advance(seconds=10)
    await stage.until(lambda: "Le conseil vote jusqu’au" in card.text)
    signed = {each.person_id: each.shows_name for each in await signatures_of(stage, made)}
    assert sorted(signed.values()) == [False, True, True]
    assert (await again(stage, made)).state is InterpellationState.VOTING
    check_manners(stage)


async def test_co_signing_twice_with_two_fast_thumbs_is_one_signature(stage: Stage):
    await with_partners(stage, signatures=9)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    rosa, ben = await stage.joined("Rosa", "nord"), await stage.joined("Ben", "nord")
    made = await opened(stage, rosa, lea)
    await opens(ben)
    card = ben.messages()[-1]
    first, second = ben.phone.presses(card, row=0, column=0), ben.phone.presses(card, row=0, column=0)
    await stage.until(lambda: first.answer is not None and second.answer is not None)
    await stage.quiet_moment()
    assert len(await signatures_of(stage, made)) == 2
    await ben.taps("Retirer ma signature")
    await ben.sees("1 signature sur 9")
    assert "a changé" in await ben.forges(UnsignPress(made.id).pack(), on=card)
    assert "a changé" in await ben.forges(SignNamePress(made.id, True).pack(), on=card)
    await ben.taps("Je signe")
    assert len(await signatures_of(stage, made)) == 2
    check_manners(stage)


async def test_who_does_not_follow_the_council_is_told_how_to_sign(stage: Stage):
    await with_partners(stage, signatures=5)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    rosa, sam = await stage.joined("Rosa", "nord"), await stage.joined("Sam", "sud")
    made = await opened(stage, rosa, lea)
    await sam.sends("/menu")
    await sam.forges(SignPress(made.id).pack(), on=sam.messages()[-1])
    await sam.sees("Pour signer, suivez d’abord ce conseil", "Quartier Nord")
    assert len(await signatures_of(stage, made)) == 1
    await sam.taps("Suivre et signer")
    await sam.sees("2 signatures sur 5")
    assert "déjà signé" in await sam.forges(FollowAndSignPress(made.id).pack(), on=sam.messages()[-1])
    check_manners(stage)


async def test_the_last_two_signatures_at_once_begin_one_vote(stage: Stage):
    await with_partners(stage, signatures=2)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    await stage.joined("Max", "nord", role=Role.MEMBER)
    rosa, ben, noor = [await stage.joined(each, "nord") for each in ("Rosa", "Ben", "Noor")]
    made = await opened(stage, rosa, lea)
    for each in (ben, noor):
        await opens(each)
    presses = [each.phone.presses(each.messages()[-1], row=0, column=0) for each in (ben, noor)]
    await stage.until(lambda: all(each.answer is not None for each in presses))
    await stage.all_delivered()
    acts = [each.act for each in await events_of(stage, made)]
    assert acts.count(InterpellationAct.VOTE_OPENED) == 1
    assert len(await signatures_of(stage, made)) == 3
    assert len([each for each in rosa.texts() if "assez de signatures" in each]) == 1


async def test_followers_are_reminded_once_before_the_end_and_who_signed_is_left_in_peace(stage: Stage):
    await with_partners(stage, signatures=9, sign_days=10, remind_days=3)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    rosa, ben = await stage.joined("Rosa", "nord"), await stage.joined("Ben", "nord")
    sam = await stage.joined("Sam", "sud")
    made = await opened(stage, rosa, lea)
    await stage.advance(days=6)
    await ben.never_sees("Voulez-vous la lire")
    await stage.advance(days=2)
    await ben.sees("On peut signer jusqu’au", "Voulez-vous la lire, et la signer")
    for each in (rosa, sam):
        await each.never_sees("Voulez-vous la lire")
    await stage.advance(days=1)
    await stage.advance(hours=2)
    assert len([each for each in ben.texts() if "Voulez-vous la lire" in each]) == 1
    await ben.taps("Voir la question")
    await ben.taps("Je signe")
    assert len(await signatures_of(stage, made)) == 2
    check_manners(stage)


async def test_too_few_at_the_end_a_lead_gives_more_time_once_and_then_it_is_withdrawn(stage: Stage):
    await with_partners(stage, signatures=3, sign_days=10)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    rosa, ben, noor = [await stage.joined(each, "nord") for each in ("Rosa", "Ben", "Noor")]
    made = await opened(stage, rosa, lea)
    await opens(ben)
    card = ben.messages()[-1]
    await stage.advance(days=11)
    for each in (rosa, lea):
        await each.sees("Le temps est fini. Il manque des signatures")
    assert "On ne peut plus signer" in await ben.forges(SignPress(made.id).pack(), on=card)
    await ben.never_sees("Il manque des signatures")
    kept = await again(stage, made)
    assert "pouvez pas ouvrir" in await ben.forges(ProlongPress(made.id, kept.revision).pack(), on=card)
    await lea.taps("Voir la question")
    menu = lea.messages()[-1]
    await lea.taps("Donner plus de temps")
    await stage.all_delivered()
    await rosa.sees("Il y a plus de temps")
    await ben.forges(SignPress(made.id).pack(), on=card)
    assert len(await signatures_of(stage, made)) == 2
    await stage.advance(days=11)
    assert not [each for each in lea.buttons(menu) if "plus de temps" in each]
    kept = await again(stage, made)
    assert "déjà eu plus de temps" in await lea.forges(ProlongPress(made.id, kept.revision).pack(), on=menu)
    await noor.sends("/menu")
    for press in (WithdrawInterpellationPress(made.id), WithdrawnInterpellationPress(made.id)):
        assert await noor.forges(press.pack(), on=noor.messages()[-1])
    await rosa.taps("Voir la question")
    await rosa.taps("Retirer la question")
    await rosa.taps("Oui, retirer")
    await stage.all_delivered()
    assert (await again(stage, made)).state is InterpellationState.WITHDRAWN
    await ben.sees("La question I-", "est retirée")
    check_manners(stage)


async def test_one_may_sign_during_the_vote_and_take_it_back_until_the_letter_leaves(stage: Stage):
    await with_partners(stage)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    max_ = await stage.joined("Max", "nord", role=Role.MEMBER)
    rosa, ben, noor = [await stage.joined(each, "nord") for each in ("Rosa", "Ben", "Noor")]
    made = await adopted(stage, rosa, ben, lea, max_)
    await noor.sends("/menu")
    menu = noor.messages()[-1]
    await noor.forges(SignPress(made.id).pack(), on=menu)
    await noor.sees("3 signatures.")
    async with stage.database.write() as session:
        session.add(made)
        made.state = InterpellationState.SENT
    assert "On ne peut plus signer" in await noor.forges(UnsignPress(made.id).pack(), on=menu)
    assert "On ne peut plus signer" in await noor.forges(SignNamePress(made.id, True).pack(), on=menu)
    assert len(await signatures_of(stage, made)) == 3


async def test_where_no_signatures_are_needed_the_council_votes_at_once(stage: Stage):
    await with_partners(stage, signatures=0)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    max_ = await stage.joined("Max", "nord", role=Role.MEMBER)
    rosa = await stage.joined("Rosa", "nord")
    made = await opened(stage, rosa, lea)
    await stage.all_delivered()
    assert (await again(stage, made)).state is InterpellationState.VOTING
    await max_.sees("Votre vote est attendu")
    await rosa.sees("Il y a assez de signatures")


async def test_a_public_question_is_shared_by_its_number_and_a_draft_is_not(stage: Stage):
    await with_partners(stage, signatures=9)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    rosa, sam = await stage.joined("Rosa", "nord"), await stage.joined("Sam", "sud")
    hidden = await submitted(stage, rosa)
    await sam.sends("/menu")
    menu = sam.messages()[-1]
    assert "pouvez pas ouvrir" in await sam.forges(ShareInterpellationPress(hidden.id).pack(), on=menu)
    assert "pouvez pas ouvrir" in await sam.forges(SignPress(hidden.id).pack(), on=menu)
    await lea.sends("/interpeller")
    await lea.taps("À relire")
    await lea.taps("I-2026")
    await lea.taps("Ouvrir aux signatures")
    await lea.taps("Partager")
    await lea.sees(f"start={hidden.number}")
    await sam.starts(hidden.number)
    await sam.sees("On peut signer jusqu’au")
    await sam.taps("Historique")
    await sam.sees("les signatures ont commencé")
    check_manners(stage)
