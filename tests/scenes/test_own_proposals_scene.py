"""One's own proposals: followed, corrected, put into words, taken back; and what an erased account leaves of them."""

from council.proposal_moderation import ask_author
from handlers.cards.proposal_author import (
    CorrectPress,
    HearMinePress,
    WithdrawnPress,
    WithdrawPress,
    WriteMinePress,
)
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.proposals import Proposal, ProposalState
from storage.support import ContentKind
from tests.scenes.interpellation_steps import StageClock
from tests.scenes.manners import check_manners
from tests.scenes.proposal_steps import again, begins, proposals, proposes, published, tells_where_and_who
from tests.scenes.stage import Person, Stage
from tests.scenes.traces import traces_of


async def sends_back(stage: Stage, moderator: Person, proposal: Proposal, reason: str) -> None:
    now, clock = await again(stage, proposal), StageClock(stage)
    async with stage.database.write() as session:
        await ask_author(session, clock, await stage.actor(moderator), now.id, now.revision, reason)
    await stage.all_delivered()


async def speaks(person: Person) -> Proposal:
    """A proposal by voice alone, to be published under « Un habitant »."""
    return await proposes(person, "", Attachment("voice", file=sample("voice")), name="Un habitant")


async def test_what_was_sent_back_is_corrected_and_sent_again(stage: Stage):
    fatou, rosa = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Rosa", "nord")
    proposal = await proposes(rosa, "Un banc pour M. Durand")
    await sends_back(stage, fatou, proposal, "Enlevez le nom des personnes, s’il vous plaît.")
    await rosa.sees(proposal.number, "Enlevez le nom")
    await rosa.sends("/menu")
    await rosa.taps("Proposer une idée")
    await rosa.sends("Autre idée")
    await rosa.sends(proposal.number)  # in the midst of writing, it opens what it names
    card = rosa.messages()[-1]
    assert "◀ Reprendre où j’en étais" in rosa.buttons(card)
    await rosa.taps("Reprendre", on=card)
    await rosa.sees("J’ai gardé 1 message")
    await rosa.taps("Annuler")
    await rosa.sends(proposal.number)
    card = rosa.messages()[-1]
    await rosa.taps("Corriger et renvoyer", on=card)
    await rosa.sees("On vous demande de corriger", "Enlevez le nom", "Un banc pour M. Durand")
    await rosa.taps("Changer")
    await rosa.taps("Tout redire")
    await rosa.sends("Un banc pour tous")
    await rosa.taps("C’est tout")
    await rosa.sees("Votre proposition : Un banc pour tous", "Voulez-vous l’envoyer")
    await rosa.taps("Envoyer")
    await rosa.sees("C’est envoyé", proposal.number)
    now = await again(stage, proposal)
    assert (now.state, now.words, now.reason) == (ProposalState.SUBMITTED, "Un banc pour tous", None)
    assert len(await proposals(stage)) == 1
    await stage.all_delivered()
    await fatou.sees("Son auteur l’a corrigée")
    assert "Cela a changé" in await rosa.taps("Corriger et renvoyer", on=card)
    check_manners(stage)


async def test_correcting_does_not_lose_an_idea_that_is_being_written(stage: Stage):
    fatou, rosa = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Rosa", "nord")
    proposal = await proposes(rosa, "Un banc")
    await sends_back(stage, fatou, proposal, "Dites où c’est, s’il vous plaît.")
    await begins(rosa)
    await rosa.sends("Ma nouvelle idée")
    correcting = CorrectPress(proposal.id).pack()
    assert "Je garde ce que vous avez commencé" in await rosa.forges(correcting, on=rosa.messages()[-1])
    await rosa.taps("Ajouter")
    await rosa.sends("Rue des Lilas")
    await rosa.forges(correcting, on=rosa.messages()[-1])  # a second tap: what was added is not lost either
    await rosa.taps("C’est tout")
    await rosa.taps("Envoyer")
    await rosa.sees("Vous avez commencé une proposition", "Voulez-vous continuer")
    await rosa.taps("Continuer")
    await rosa.taps("C’est tout")
    await tells_where_and_who(rosa)
    await rosa.taps("Envoyer")
    assert [each.words for each in await proposals(stage)] == ["Un banc\nRue des Lilas", "Ma nouvelle idée"]
    check_manners(stage)


async def test_the_author_writes_the_text_of_their_voice_and_the_voice_stays_private(stage: Stage):
    fatou, rosa = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Rosa", "nord")
    tom = await stage.joined("Tom", "nord")
    proposal = await speaks(rosa)
    await rosa.taps("Revoir mon envoi")
    heard = rosa.messages()[-1]
    assert "voice" in heard.body
    await rosa.taps("Retour", on=heard)
    await rosa.taps("Écrire le texte")
    await rosa.sees("C’est ce texte qui sera publié", "Pas de nom de personne")
    await stage.advance(seconds=6)
    await rosa.sends(attachment=Attachment("voice", file=sample("voice")))
    await rosa.sees("des mots écrits")
    await rosa.sends("a" * 4096 + "b")
    await rosa.sends("Un banc devant l’école")
    now = await again(stage, proposal)
    assert (now.title, now.words) == ("Un banc devant l’école", "Un banc devant l’école")
    await published(stage, fatou, proposal)
    await stage.all_delivered()
    await tom.sends(proposal.number)
    await tom.sees("Un banc devant l’école", "Un habitant")
    await tom.forges(HearMinePress(proposal.id).pack(), on=tom.messages()[-1])
    assert not [each for each in tom.messages() if "voice" in each.body]
    await tom.never_sees("Rosa")
    check_manners(stage)


async def test_a_voice_that_was_put_into_words_is_corrected_as_words_and_kept(stage: Stage):
    fatou, rosa = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Rosa", "nord")
    proposal = await speaks(rosa)
    await rosa.taps("Écrire le texte")
    await rosa.sends("Un banc devant l’école")
    await sends_back(stage, fatou, proposal, "Dites où c’est, s’il vous plaît.")
    await rosa.taps("Corriger et renvoyer")
    await rosa.sees("On vous demande de corriger", "Un banc devant l’école", "1 message vocal")
    await rosa.taps("Ajouter")
    await rosa.sends("Rue des Lilas")
    await rosa.taps("C’est tout")
    await rosa.taps("Envoyer")
    now = await again(stage, proposal)
    assert (now.state, now.words) == (ProposalState.SUBMITTED, "Un banc devant l’école\nRue des Lilas")
    assert [each["kind"] for each in now.originals] == [ContentKind.VOICE, ContentKind.TEXT, ContentKind.TEXT]
    check_manners(stage)


async def test_the_list_says_how_far_each_is_and_what_is_followed(stage: Stage):
    fatou, rosa = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Rosa", "nord")
    tom = await stage.joined("Tom", "nord")
    first = await proposes(rosa, "Un banc")
    await rosa.taps("Mes propositions")
    await rosa.sees("Mes propositions")
    assert any(first.number in each and "à relire" in each for each in rosa.buttons())
    await rosa.taps(first.number)
    card = await rosa.sees("C’est votre proposition")
    await rosa.taps("Retirer", on=card)
    await rosa.taps("Non, garder", on=card)
    await rosa.taps("Retirer", on=card)
    await rosa.taps("Oui, retirer", on=card)
    assert (await again(stage, first)).state is ProposalState.WITHDRAWN
    await rosa.taps("Mes propositions")
    assert any(first.number in each and "retirée" in each for each in rosa.buttons())

    second = await published(stage, fatou, await proposes(rosa, "Un arbre"))
    await stage.all_delivered()
    assert "Cela a changé" in await rosa.forges(WithdrawnPress(second.id).pack(), on=rosa.messages()[-1])
    assert (await again(stage, second)).state is ProposalState.RECEIVED
    await tom.sends(second.number)
    await tom.taps("Soutenir")
    await tom.sends("/proposer")
    await tom.taps("Annuler")
    await tom.sends(second.number)
    for press in (
        CorrectPress(second.id),
        HearMinePress(second.id),
        WithdrawPress(second.id),
        WithdrawnPress(second.id),
    ):
        assert "pouvez pas ouvrir" in await tom.forges(press.pack(), on=tom.messages()[-1]), press
    for known in (second.id, 999_999, -1):
        assert "pouvez pas ouvrir" in await tom.forges(WriteMinePress(known).pack(), on=tom.messages()[-1])
    check_manners(stage)


async def test_an_erased_account_leaves_what_was_published_and_nothing_else(stage: Stage):
    fatou, rosa = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Zéphyrine", "nord")
    public = await published(stage, fatou, await proposes(rosa, "Un banc au parc"))
    waiting = await proposes(rosa, "Mon grand secret")
    await rosa.sends("/mesdonnees")
    await rosa.sends("/supprimer")
    await rosa.sees("Vos textes publiés restent", "Un habitant")
    await rosa.taps("Oui")
    await rosa.sees("Je ne sais plus qui vous êtes")
    await stage.all_delivered()
    assert await traces_of(stage, rosa, "Mon grand secret") == []
    stays = await again(stage, public)
    assert (stays.words, stays.author_id, stays.state) == ("Un banc au parc", None, ProposalState.RECEIVED)
    assert (await again(stage, waiting)).state is ProposalState.WITHDRAWN
    await fatou.sends(public.number)
    await fatou.sees("Un banc au parc", "Un habitant")
