"""Inviting, the team, one's council, by buttons: whatever a card offers leads somewhere, and old buttons do no harm."""

from types import SimpleNamespace

import pytest

from council.errors import NotAllowed, NotJoined, OutOfDate
from council.invitations import accept, invite
from documents.qr import QUIET_ZONE, deep_link, qr_png
from handlers import animator_post, councils, invitations, journal, support_figures, team, team_load
from handlers.buttons import unpack
from handlers.cards.card import CAPTION_LIMIT, Card, utf16_length
from handlers.cards.council import CouncilPress, ProgrammePress, PublicLinkPress
from handlers.cards.home import _ENTRIES, HomePress
from handlers.cards.interpellation_list import RegisterPress
from handlers.cards.invitation import (
    CloseInvitationPress,
    InviteCollegePress,
    InviteCouncilPress,
    InviteRolePress,
    InviteTermsPress,
    MakeInvitationPress,
    OpenInvitationsPress,
    StartInvitingPress,
)
from handlers.cards.profile import CouncilsPress
from handlers.cards.proposal_list import ProposalsPress
from handlers.cards.steps import CancelPress
from handlers.cards.team import GiveCouncilPress, MembersPress, RevokePress, TeamPress
from handlers.cards.team_load import LoadPress
from handlers.turn import Dialogue, Turn
from locales.translator import translator
from storage.people import College, Role

ROUTERS = (
    animator_post.router,
    invitations.router,
    team.router,
    team_load.router,
    support_figures.router,
    journal.router,
    councils.router,
)
OF_THE_HOUSE = (HomePress, CancelPress, CouncilsPress, ProposalsPress, RegisterPress)


class Phone:
    """One person's chat: commands and presses go to the handlers, each in its own transaction."""

    def __init__(self, programme, actor) -> None:
        self.programme = programme
        self.telegram_id = actor.telegram_id
        self.dialogue = Dialogue()

    async def says(self, handler) -> Card:
        return await self._turn(lambda turn: handler(SimpleNamespace(text="x"), turn))

    async def presses(self, press) -> Card:
        event = SimpleNamespace(data=press.pack())
        assert unpack(event.data, type(press)) == press
        handlers = [each for router in ROUTERS for each in router.callback_query.handlers]

        async def run(turn):
            for handler in handlers:
                matches, found = await handler.check(event, turn=turn)
                if matches:
                    return await handler.call(event, **found)
            raise AssertionError(f"no handler for {press}")

        return await self._turn(run)

    async def taps(self, card, label) -> Card:
        return await self.presses(button(card, label).press)

    async def _turn(self, run) -> Card:
        actor = await self.programme.again(self.telegram_id)
        async with self.programme.database.write() as session:
            turn = Turn(
                session=session, clock=self.programme.clock, programme=self.programme.settings, say=translator("fr"),
                dialogue=self.dialogue, known=actor, telegram_id=self.telegram_id, chat_id=self.telegram_id,
                update_id=1, first_name=actor.first_name, bot_username="portevoix_bot",
            )  # fmt: skip
            reply = await run(turn)
        (card,) = reply.cards
        check(card)
        return card


def labels(card) -> list[str]:
    return [each.label for row in card.rows for each in row]


def button(card, part):
    (found,) = [each for row in card.rows for each in row if part in each.label]
    return found


def check(card) -> None:
    """Few lines, buttons that somebody answers, a way out."""
    assert len(card.text.split("\n")) <= 5
    assert card.media is None or utf16_length(str(card.text)) <= CAPTION_LIMIT
    presses = [each.press for row in card.rows for each in row]
    known = {kind for router in ROUTERS for kind in _prefixes(router)} | {each.prefix for each in OF_THE_HOUSE}
    assert {each.prefix for each in presses} <= known
    assert all(len(each.press.pack().encode()) <= 64 for row in card.rows for each in row)


def _prefixes(router):
    for handler in router.callback_query.handlers:
        for each in handler.filters:
            yield from each.callback._kinds


def link_in(card) -> str:
    (line,) = [each for each in card.text.split("\n") if each.startswith("https://t.me/")]
    return line.removeprefix("https://t.me/portevoix_bot?start=")


@pytest.fixture
async def coordinator(programme):
    return Phone(programme, await programme.person("Claire", roles=((Role.COORDINATOR, None),)))


@pytest.fixture
async def lead(programme):
    return Phone(
        programme, await programme.person("Léa", follows=(programme.nord,), roles=((Role.LEAD, programme.nord),))
    )


async def test_a_lead_invites_members_of_their_council(programme, lead):
    card = await lead.says(team.open_members)
    assert "Quartier Nord" in card.text
    card = await lead.taps(card, "Inviter un membre")
    card = await lead.taps(card, "Acteurs locaux")
    card = await lead.taps(card, "5 personnes")
    assert "✓ 5 personnes" in labels(card)
    card = await lead.taps(card, "7 jours")
    card = await lead.taps(card, "Créer le lien")
    assert "Pour 5 personnes, jusqu’au lundi 9 mars 2026." in card.text
    assert card.media.content.startswith(b"\x89PNG")
    assert lead.dialogue.state is None
    zoe = await programme.person("Zoé")
    async with programme.database.write() as session:
        invited = await accept(session, programme.clock, zoe, link_in(card))
    assert (invited.role, invited.council_id, invited.college) == (Role.MEMBER, programme.nord, College.ACTEURS_LOCAUX)
    card = await lead.taps(card, "Retour")
    assert "Zoé – Acteurs locaux" in labels(card)


async def test_a_coordinator_invites_anybody_anywhere_and_goes_back(programme, coordinator):
    card = await coordinator.taps(await coordinator.presses(TeamPress(0)), "Inviter")
    assert "Retour" not in labels(card)
    card = await coordinator.taps(card, "membre")
    card = await coordinator.taps(card, "Quartier Sud")
    card = await coordinator.taps(card, "Habitants")
    for asked in ("Dans quel collège ?", "Pour quel conseil ?", "Pour quel rôle ?"):
        card = await coordinator.taps(card, "Retour")
        assert asked in card.text
    card = await coordinator.taps(card, "coordinat")
    card = await coordinator.taps(card, "Créer le lien")
    claude = await programme.person("Claude")
    async with programme.database.write() as session:
        await accept(session, programme.clock, claude, link_in(card))
    assert (await programme.again(claude.telegram_id)).is_coordinator
    assert "Claude – coordinateur ou coordinatrice" in labels(await coordinator.taps(card, "Retour"))


async def test_a_second_tap_makes_no_second_link(coordinator):
    await coordinator.presses(StartInvitingPress(None))
    await coordinator.presses(InviteRolePress(Role.COORDINATOR))
    await coordinator.presses(MakeInvitationPress())
    with pytest.raises(OutOfDate):
        await coordinator.presses(MakeInvitationPress())
    assert "Appuyez sur un lien" in (await coordinator.presses(OpenInvitationsPress(None, 0))).text
    assert len(labels(await coordinator.presses(OpenInvitationsPress(None, 0)))) == 3  # one link, back, home


async def test_buttons_of_another_step_are_out_of_date(programme, coordinator):
    await coordinator.presses(StartInvitingPress(None))
    for press in (
        InviteCouncilPress(programme.nord),
        InviteCollegePress(College.HABITANTS),
        InviteTermsPress(1, 7),
        MakeInvitationPress(),
    ):
        with pytest.raises(OutOfDate):
            await coordinator.presses(press)


async def test_words_in_the_middle_get_the_same_question(coordinator):
    await coordinator.presses(StartInvitingPress(None))
    assert "Pour quel rôle ?" in (await coordinator.says(invitations.ask_again)).text


async def test_forged_values_are_refused(programme, coordinator, lead):
    await coordinator.presses(StartInvitingPress(None))
    with pytest.raises(NotAllowed):
        await coordinator.presses(InviteRolePress(Role.RESIDENT))
    await coordinator.presses(InviteRolePress(Role.LEAD))
    with pytest.raises(NotAllowed):
        await coordinator.presses(InviteCouncilPress(10**12))
    await coordinator.presses(InviteCouncilPress(programme.nord))
    with pytest.raises(NotAllowed):
        await coordinator.presses(InviteTermsPress(10_000, 30))
    for press in (
        StartInvitingPress(None),
        StartInvitingPress(programme.sud),
        MembersPress(programme.sud, 0),
        TeamPress(0),
        ProgrammePress(0),
        OpenInvitationsPress(None, 0),
        CloseInvitationPress(10**12, programme.nord),
        CouncilPress(10**12),
        PublicLinkPress(-1),
    ):
        with pytest.raises(NotAllowed):
            await lead.presses(press)


async def test_a_lead_whose_role_was_taken_presses_an_old_button(programme, coordinator, lead):
    zoe = await programme.person("Zoé", roles=((Role.MEMBER, programme.nord),))
    members = await lead.says(team.open_members)
    zoes = await lead.taps(members, "Zoé")
    await lead.taps(members, "Inviter un membre")
    await lead.presses(InviteCollegePress(College.HABITANTS))
    card = await coordinator.taps(await coordinator.presses(TeamPress(0)), "Léa")
    card = await coordinator.taps(await coordinator.taps(card, "Retirer ce rôle"), "Oui")
    assert "Léa n’a plus ce rôle" in card.text
    for old in (MakeInvitationPress(), button(zoes, "Retirer").press, button(members, "Zoé").press):
        with pytest.raises(NotAllowed):
            await lead.presses(old)
    assert (await programme.again(zoe.telegram_id)).has(Role.MEMBER, programme.nord)


async def test_one_role_more_for_an_animator_and_a_stale_button(programme, coordinator):
    ana = await programme.person("Ana", roles=((Role.ANIMATOR, programme.nord),))
    card = await coordinator.taps(await coordinator.presses(TeamPress(0)), "Ana")
    more = await coordinator.taps(card, "Un autre conseil")
    assert "Quartier Sud" in labels(more)
    assert "Quartier Nord" not in labels(more)
    done = await coordinator.taps(more, "Quartier Sud")
    assert "C’est fait : Quartier Sud." in done.text
    assert (await programme.again(ana.telegram_id)).manages(programme.sud)
    grant = button(card, "Retirer").press.grant_id
    await coordinator.presses(RevokePress(grant))
    for old in (RevokePress(grant), GiveCouncilPress(grant, programme.sud)):
        with pytest.raises(OutOfDate):
            await coordinator.presses(old)


async def test_an_animator_sees_the_team_and_changes_nothing(programme, coordinator):
    ana = Phone(programme, await programme.person("Ana", roles=((Role.ANIMATOR, programme.nord),)))
    card = await ana.presses(TeamPress(0))
    assert not any("Inviter" in each for each in labels(card))
    assert labels(await ana.taps(card, "Claire")) == ["Retour", "🏠 Accueil"]
    assert not any("Inviter un membre" in each for each in labels(await ana.says(team.open_members)))


async def test_open_links_are_closed_with_one_question(programme, lead):
    actor = await programme.again(lead.telegram_id)
    async with programme.database.write() as session:
        await invite(session, programme.clock, actor, Role.MEMBER, programme.nord, uses=3)
    card = await lead.taps(await lead.says(team.open_members), "Liens ouverts")
    one = await lead.taps(card, "membre – Quartier Nord")
    assert "Encore 3 personnes peuvent l’utiliser." in one.text
    after = await lead.taps(one, "Oui, fermer")
    assert "Aucun lien" in after.text
    assert "Aucun lien" in (await lead.taps(card, "membre – Quartier Nord")).text


async def test_a_resident_sees_their_council_and_shares_its_link(programme, lead):
    zoe = Phone(programme, await programme.person("Zoé", follows=(programme.nord,)))
    card = await zoe.says(councils.open_my_councils)
    assert "Quartier : Les Izards" in card.text
    assert "Vos contacts au conseil : Léa" in card.text
    shared = await zoe.taps(card, "Inviter mes voisins")
    assert link_in(shared) == link_in(await lead.presses(PublicLinkPress(programme.nord)))
    assert "Quartier Nord" in (await zoe.taps(shared, "Retour")).text


async def test_whoever_follows_none_or_several_chooses(programme):
    none = Phone(programme, await programme.person("Aucun"))
    both = Phone(programme, await programme.person("Deux", follows=(programme.nord, programme.sud)))
    assert labels(await none.says(councils.open_my_councils)) == ["Choisir mes conseils", "🏠 Accueil"]
    card = await both.says(councils.open_my_councils)
    assert "Empalot" in (await both.taps(card, "Quartier Sud")).text


async def test_the_programme_in_short(programme, coordinator):
    await programme.person("Zoé", follows=(programme.nord,))
    await programme.person("Ali", follows=(programme.nord, programme.sud))
    card = await coordinator.says(councils.open_programme)
    assert "Association Essai, dpo@essai.example" in card.text
    assert labels(card)[:2] == ["Quartier Nord – 2 personnes", "Quartier Sud – 1 personne"]


async def test_somebody_who_has_not_joined_is_sent_to_start(programme):
    async with programme.database.write() as session:
        turn = Turn(
            session=session, clock=programme.clock, programme=programme.settings, say=translator("fr"),
            dialogue=Dialogue(), known=None, telegram_id=1, chat_id=1, update_id=1, first_name="X", bot_username="b",
        )  # fmt: skip
        for handler in (team_load.open_load, team.open_members, councils.open_my_councils, councils.open_programme):
            with pytest.raises(NotJoined):
                await handler(None, turn)
        with pytest.raises(NotJoined):
            await councils.share_council(None, turn, PublicLinkPress(programme.nord))


def test_home_shows_each_what_is_theirs():
    presses = {type(each.press) for each in _ENTRIES}
    assert {LoadPress, MembersPress, ProgrammePress} <= presses


def test_a_qr_code_is_large_and_has_its_quiet_zone():
    link = deep_link("portevoix_bot", "A" * 64)
    picture = qr_png(link)
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert width == height >= 720
    import segno

    assert width % segno.make_qr(link, error="m", boost_error=False).symbol_size(border=QUIET_ZONE)[0] == 0
