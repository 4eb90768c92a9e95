"""Proposals for their readers: browsed, searched, supported, followed, reported, shared, by number and by link."""

from sqlmodel import col, select

from council.contents import Content
from council.proposal_moderation import show_again
from council.proposal_states import move
from council.proposals import ProposalDraft, submit_proposal
from handlers.cards.proposal import FollowProposalPress, ProposalPress, ReportReasonPress, SupportProposalPress
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.proposals import Proposal, ProposalAct, ProposalFollower, ProposalReport, ProposalState, ReportReason
from storage.support import ContentKind
from tests.scenes.interpellation_steps import StageClock
from tests.scenes.manners import check_manners
from tests.scenes.proposal_steps import again, published
from tests.scenes.stage import Person, Stage

SQUARE = "Un square plus sûr pour les enfants\nIl faut une barrière et de la lumière le soir."


async def submitted(stage: Stage, author: Person, words: str = SQUARE, council: str = "nord", **changes) -> Proposal:
    """Sent and not read by anybody yet, by the use case that the conversation ends with."""
    actor = await stage.actor(author)
    async with stage.database.write() as session:
        made = len((await session.exec(select(Proposal))).all())
        content = Content(ContentKind.TEXT, author.id, 1_000 + made, parts=(words,))
        photo = changes.pop("photo", None)
        shown = (Content(ContentKind.PHOTO, author.id, 2_000 + made, file_id=photo),) if photo else ()
        draft = ProposalDraft(stage.councils[council], "autre", (content, *shown), **changes)
        return await submit_proposal(session, StageClock(stage), stage.settings, actor, draft, f"scene:{made}")


async def public(
    stage: Stage, author: Person, lead: Person, words: str = SQUARE, council: str = "nord", **changes
) -> Proposal:
    return await published(stage, lead, await submitted(stage, author, words, council, **changes))


async def moved(stage: Stage, lead: Person, proposal: Proposal, to: ProposalState, act: ProposalAct, **values) -> None:
    actor = await stage.actor(lead)
    async with stage.database.write() as session:
        kept = await session.get_one(Proposal, proposal.id)
        await move(session, StageClock(stage), kept, to, act, actor, **values)
    await stage.all_delivered()


async def followers(stage: Stage, proposal: Proposal) -> dict[int, bool]:
    """Who hears of it, by id, and whether they support it."""
    async with stage.database.read() as session:
        query = select(ProposalFollower).where(col(ProposalFollower.proposal_id) == proposal.id)
        return {each.person_id: each.supports for each in (await session.exec(query)).all()}


async def test_a_resident_finds_a_proposal_supports_it_and_sees_the_number_grow(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord")
    proposal = await public(stage, rosa, fatou)
    await stage.all_delivered()
    await ali.sends("/propositions")
    listed = await ali.sees("Propositions : Quartier Nord")
    await ali.taps("Un square plus sûr", on=listed)
    card = await ali.sees("Un square plus sûr", proposal.number, "Quartier Nord", "De : Rosa", "Le conseil l’a reçue")
    assert "une barrière" in card.text
    assert "Vous la soutenez" in await ali.taps("👍 Soutenir", on=card)
    assert "1 soutien." in card.text
    assert "Ne plus soutenir" in ali.buttons(card)
    # Rosa's own card, open all the while, is kept true.
    await rosa.sends(proposal.number)
    own = await rosa.sees("C’est votre proposition", "1 soutien.")
    assert not any("Soutenir" in each or "Signaler" in each for each in rosa.buttons(own))
    await fatou.sends(proposal.number.lower())
    other = await fatou.sees(proposal.number, "1 soutien.")
    assert "⚙️ Faire avancer" in fatou.buttons(other)
    await fatou.taps("👍 Soutenir", on=other)
    await stage.advance(seconds=10)
    assert "2 soutiens." in own.text
    assert "2 soutiens." in card.text
    assert "Vous ne la soutenez plus" in await ali.taps("Ne plus soutenir", on=card)
    assert "1 soutien." in card.text
    await ali.taps("◀ Propositions", on=card)
    assert "Propositions : Quartier Nord" in card.text
    assert "Un square plus sûr pour les e… (1 soutien)" in ali.buttons(card)
    # A card that has become the menu is left alone.
    await ali.taps("Un square plus sûr", on=card)
    await ali.taps("🏠 Accueil", on=card)
    await fatou.taps("Ne plus soutenir", on=other)
    await stage.advance(seconds=10)
    assert "Que voulez-vous faire" in card.text
    assert "0 soutien." in own.text
    check_manners(stage, words_of_people=(SQUARE, "Il faut une barrière et de la lumière le soir."))


async def test_a_double_tap_counts_once_and_taps_in_any_order_end_where_the_last_says(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord")
    proposal = await public(stage, rosa, fatou)
    await stage.all_delivered()
    await ali.sends(proposal.number)
    card = await ali.sees(proposal.number)
    ali_id = (await stage.actor(ali)).person_id
    on, off = SupportProposalPress(proposal.id, on=True).pack(), SupportProposalPress(proposal.id, on=False).pack()
    presses = [ali.phone.presses(card, data=on) for _ in range(3)]
    await stage.until(lambda: all(each.answer is not None for each in presses))
    assert await followers(stage, proposal) == {ali_id: True}
    await ali.forges(FollowProposalPress(proposal.id, on=True).pack(), on=card)
    assert await followers(stage, proposal) == {ali_id: True}, "who supports hears of it already"
    await ali.forges(FollowProposalPress(proposal.id, on=False).pack(), on=card)
    assert await followers(stage, proposal) == {ali_id: True}
    await ali.forges(off, on=card)
    await ali.forges(off, on=card)
    assert await followers(stage, proposal) == {}
    assert "Je vous dirai la suite" in await ali.taps("🔔 Suivre", on=card)
    assert await followers(stage, proposal) == {ali_id: False}
    assert "0 soutien" in card.text
    assert "Vous la suivez" in card.text
    assert "Vous ne la suivez plus" in await ali.taps("🔕 Ne plus suivre", on=card)
    assert await followers(stage, proposal) == {}
    assert "C’est votre proposition" in await rosa.forges(on, on=(await _menu(rosa)))


async def _menu(person: Person):
    await person.sends("/menu")
    return person.messages()[-1]


async def test_somebody_of_another_council_is_told_to_follow_it_first(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, sami = await stage.joined("Rosa", "nord"), await stage.joined("Sami", "sud")
    proposal = await public(stage, rosa, fatou)
    await stage.all_delivered()
    await sami.sends(proposal.number)
    card = await sami.sees(proposal.number, "Un square")
    await sami.taps("👍 Soutenir", on=card)
    assert "suivez d’abord le conseil" in card.text
    assert await followers(stage, proposal) == {}
    assert "Vous suivez ce conseil" in await sami.taps("Suivre ce conseil", on=card)
    assert (await stage.actor(sami)).follows == {stage.councils["nord"], stage.councils["sud"]}
    await sami.taps("👍 Soutenir", on=card)
    assert "Vous la soutenez" in card.text
    check_manners(stage, words_of_people=("Il faut une barrière et de la lumière le soir.",))


async def test_what_is_not_published_is_seen_by_nobody_else(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord")
    proposal = await submitted(stage, rosa)
    await stage.all_delivered()
    await ali.sends(proposal.number)
    refused = await ali.sees("Vous ne pouvez pas ouvrir cela")
    await ali.sends("P-2026-999")
    assert (await ali.sees("Vous ne pouvez pas ouvrir cela", times=2)).text == refused.text
    menu = await _menu(ali)
    for each in (
        ProposalPress(proposal.id),
        SupportProposalPress(proposal.id, on=True),
        SupportProposalPress(proposal.id, on=False),
        FollowProposalPress(proposal.id, on=True),
        ReportReasonPress(proposal.id, ReportReason.FALSE),
        ProposalPress(999_999),
        ProposalPress(-1),
    ):
        assert "pouvez pas ouvrir" in await ali.forges(each.pack(), on=menu), each
    await ali.sends("/propositions")
    await ali.sees("Il n’y a pas encore de proposition ici")
    await rosa.sends(proposal.number)
    await rosa.sees("C’est votre proposition", "pas encore publiée")
    await fatou.sends(f"où en est {proposal.number} ?")
    waiting = await fatou.sees(proposal.number, "De : Rosa", "pas encore publiée")
    assert "⚙️ Faire avancer" not in fatou.buttons(waiting)
    await fatou.taps("📋 Relire et décider", on=waiting)
    assert any("Publier" in each for each in fatou.buttons(waiting))
    assert await followers(stage, proposal) == {}


async def test_who_hides_their_name_is_nobody_to_residents_and_somebody_to_the_lead(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord")
    proposal = await public(stage, rosa, fatou, anonymous=True)
    await stage.all_delivered()
    await ali.sends(proposal.number)
    await ali.sees("De : Un habitant")
    await ali.never_sees("Rosa")
    await fatou.sends(proposal.number)
    await fatou.sees("De : Rosa (nom caché aux autres)")


async def test_browsing_by_theme_by_support_and_from_page_to_page(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord", "sud")
    ideas = [await public(stage, rosa, fatou, f"Idée numéro {n}") for n in range(8)]
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    sami = await stage.joined("Sami", "sud")
    await public(stage, sami, claire, "Une fontaine", council="sud")
    await stage.all_delivered()
    await ali.sends("/propositions")
    card = await ali.sees("Propositions de mes conseils", "Les plus récentes d’abord")
    assert ali.buttons(card)[0].startswith("Une fontaine")
    await ali.taps("Suite ▶", on=card)
    assert ali.buttons(card)[2].startswith("Idée numéro 0")
    assert "Suite ▶" not in ali.buttons(card)
    await ali.taps("Idée numéro 0", on=card)
    await ali.taps("👍 Soutenir", on=card)
    await ali.taps("◀ Propositions", on=card)
    assert ali.buttons(card)[2] == "Idée numéro 0 (1 soutien)", "back to the page that was left"
    await ali.taps("👍 Plus soutenues", on=card)
    assert ali.buttons(card)[0] == "Idée numéro 0 (1 soutien)"
    assert "Les plus soutenues d’abord" in card.text
    await ali.taps("🏷 Par thème", on=card)
    await ali.taps("Autre chose (9)", on=card)
    assert "Thème : Autre chose" in card.text
    assert ali.buttons(card)[0] == "Idée numéro 0 (1 soutien)", "the order stays"
    await ali.taps("🏘 Autre conseil", on=card)
    await ali.taps("Quartier Sud", on=card)
    assert "Propositions : Quartier Sud" in card.text
    assert [each for each in ali.buttons(card) if "Idée" in each] == []
    # A council's own card leads there as well.
    await rosa.sends("/conseil")
    await rosa.taps("💡 Propositions")
    await rosa.sees("Propositions : Quartier Nord")
    await rosa.sends("/menu")
    await rosa.taps("💡 Propositions")
    await moved(stage, fatou, ideas[0], ProposalState.REFUSED, ProposalAct.REFUSED, reason="Trop cher")
    await ali.sends(ideas[0].number)
    refused = await ali.sees("Elle est refusée", "Trop cher")
    assert "Ne plus soutenir" in ali.buttons(refused)
    await rosa.forges(SupportProposalPress(ideas[0].id, on=True).pack(), on=rosa.messages()[-1])
    check_manners(stage)


async def test_searching_forgives_accents_capitals_and_slips(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord")
    await public(stage, rosa, fatou, "Éclairer l’allée des Écureuils la nuit")
    await public(stage, rosa, fatou, "Des bancs devant l’école")
    await stage.all_delivered()
    await ali.sends("/propositions")
    await ali.taps("🔎 Chercher")
    for sought in ("ECLAIRER ecureils", "eclaiér", "écureuil"):
        await ali.sends(sought)
        found = await ali.sees(f"Vous cherchez : {sought}")
        assert [each for each in ali.buttons(found) if "soutien" in each] == [
            "Éclairer l’allée des Écureuil… (0 soutien)"
        ]
        await ali.taps("🔎 Chercher autre chose", on=found)
    await ali.sends("!!!")
    await ali.sees("Je n’ai rien reçu à lire")
    await ali.sends("x" * 4_096)
    await ali.sees("Je n’ai rien trouvé")
    await ali.taps("🔎 Chercher autre chose")
    await ali.sends("banc")
    found = await ali.sees("Vous cherchez : banc")
    await ali.taps("Des bancs devant l’école", on=found)
    await ali.taps("◀ Propositions", on=found)
    assert "Vous cherchez : banc" in found.text
    # Out of the search, words are no search any more.
    await ali.sends("Bonjour")
    await ali.never_sees("Vous cherchez : Bonjour")
    check_manners(stage, words_of_people=("x" * 59,))


async def test_a_search_loses_nothing_that_was_begun(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await rosa.sends("/demande")
    await rosa.taps("Une réunion")
    await rosa.taps("Trouver une salle")
    await rosa.sees("Expliquez")
    await rosa.sends("/propositions")
    await rosa.taps("🔎 Chercher")
    await rosa.sends("salle")
    await rosa.sees("Je n’ai rien trouvé")
    await rosa.taps("Reprendre où j’en étais")
    await rosa.sees("Expliquez", times=2)
    await rosa.sends("/propositions")
    await rosa.taps("🔎 Chercher")
    await rosa.sends("/menu")
    await rosa.taps("Reprendre où j’en étais")
    await rosa.sends("Une salle pour samedi")
    await rosa.sees("gardé")


async def test_three_reports_hide_a_text_until_somebody_has_looked(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    proposal = await public(stage, rosa, fatou)
    await stage.all_delivered()
    people = [await stage.joined(name, "nord") for name in ("Ali", "Sami", "Lina", "Omar")]
    for person in people:
        await person.sends(proposal.number)
        await person.sees(proposal.number, "Un square")
    for person in people[:3]:
        card = await person.sees(proposal.number)
        await person.taps("🚩 Signaler", on=card)
        assert "Votre nom n’est pas donné" in card.text
        assert "Merci" in await person.taps("insultant", on=card)
        report = ReportReasonPress(proposal.id, ReportReason.OTHER).pack()
        if person is not people[2]:
            assert "déjà dit" in await person.forges(report, on=card), "once each"
    assert (await again(stage, proposal)).hidden_at is not None
    async with stage.database.read() as session:
        assert len((await session.exec(select(ProposalReport))).all()) == 3
    await stage.advance(seconds=10)
    omar = people[3]
    assert [each for each in omar.texts() if "Un square" in each] == [], "it has left the chats"
    await omar.sees("Ce texte n’est plus visible")
    await omar.sends("/propositions")
    await omar.sees("Il n’y a pas encore de proposition ici")
    await omar.sends(proposal.number)
    await omar.sees("Vous ne pouvez pas ouvrir cela")
    await fatou.sees(proposal.number)
    await fatou.sends(proposal.number)
    hidden_card = await fatou.sees(proposal.number, "Le texte est caché")
    assert "📋 Relire et décider" in fatou.buttons(hidden_card)
    hidden = await again(stage, proposal)
    actor = await stage.actor(fatou)
    async with stage.database.write() as session:
        await show_again(session, StageClock(stage), actor, hidden.id, hidden.revision)
    await omar.sends(proposal.number)
    await omar.sees("Un square plus sûr")
    check_manners(stage, words_of_people=("Il faut une barrière et de la lumière le soir.",))


async def test_a_link_brings_a_stranger_in_and_then_to_the_proposal(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord")
    proposal = await public(stage, rosa, fatou)
    await stage.all_delivered()
    await ali.sends(proposal.number)
    await ali.taps("📤 Partager")
    shared = await ali.sees(f"https://t.me/porte_voix_bot?start={proposal.number}")
    assert "photo" in shared.body
    stranger = stage.person("Nadia")
    await stranger.starts(proposal.number)
    await stranger.never_sees("square")
    await stranger.taps("D’accord")
    await stranger.taps("15 ans")
    await stranger.taps("Les Izards")
    await stranger.sees("Bienvenue")
    card = await stranger.sees("Un square plus sûr", proposal.number)
    await stranger.taps("👍 Soutenir", on=card)
    assert "1 soutien." in card.text
    # Somebody who has joined gets there at once.
    await rosa.starts(proposal.number)
    await rosa.sees("C’est votre proposition")
    curious = stage.person("Yann")
    await curious.starts("P-2026-999")
    await curious.taps("D’accord")
    await curious.taps("15 ans")
    await curious.taps("Les Izards")
    await curious.sees("Bienvenue")
    await curious.never_sees("pouvez pas ouvrir")
    check_manners(stage, words_of_people=("Il faut une barrière et de la lumière le soir.",))


async def test_a_long_text_with_a_picture_is_shortened_and_read_whole(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord")
    sent = await rosa.sends(attachment=Attachment("photo", file=sample("photo")))
    photo = sent.body["photo"][-1]["file_id"]
    end = "et voilà la fin."
    words = "Planter des arbres partout. " + "😀 mot " * 500 + end
    proposal = await public(stage, rosa, fatou, words, photo=photo, latitude=43.6, longitude=1.44)
    await stage.all_delivered()
    await ali.sends(proposal.number)
    card = await ali.sees(proposal.number, "Planter des arbres")
    assert "photo" in card.body
    assert end not in card.text
    await ali.taps("📖 Tout lire", on=card)
    await ali.sees(end)
    await ali.taps("🗺 Sur la carte", on=card)
    assert any("location" in each.body for each in ali.messages())
    await ali.taps("👍 Soutenir", on=card)
    assert "Vous la soutenez" in card.text
    await fatou.sends(proposal.number)
    await fatou.taps("👍 Soutenir")
    await stage.advance(seconds=10)
    assert "2 soutiens" in card.text, "the caption is kept true"
    await moved(
        stage, fatou, proposal, ProposalState.DONE, ProposalAct.DONE, outcome="Dix arbres.", done_photo_file_id=photo
    )
    await stage.advance(seconds=10)
    assert "C’est fait" in card.text
    assert "Dix arbres." in card.text
    await ali.taps("📷 Ce qui est fait", on=card)
    assert "photo" in ali.messages()[-1].body
