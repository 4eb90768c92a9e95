"""Nothing that somebody has sent is lost because they begin something else: it is kept, and offered again."""

import re
from pathlib import Path

import pytest
from phones import Phone
from sqlmodel import col, select

import handlers
from council.dialogues import pause_expired
from handlers import (
    dialogues,
    home,
    interpellations,
    moderation,
    profile,
    proposal_list,
    proposals,
    support,
    unplaced,
)
from handlers.cards.dialogue import BEGUN, ResumePress
from handlers.cards.interpellation_menu import NewInterpellationPress
from handlers.cards.proposal_asking import IdeaNamePress, IdeaPlacePress, IdeaThemePress, ProposePress
from handlers.cards.support import AskSupportPress
from handlers.turn import Dialogue, keeps_drafts
from storage.dialogue_store import LEFT
from storage.dialogues import Dialogue as Row
from storage.proposals import Proposal

ROUTERS = [
    each.router
    for each in (dialogues, home, profile, moderation, proposals, proposal_list, interpellations, support, unplaced)
]
BEGINS = {"support": AskSupportPress(), "idea": ProposePress(), "interpellation": NewInterpellationPress()}
COMMANDS = {"support": "/demande", "idea": "/proposer"}
VOICE = {"voice": {"file_id": "f", "file_unique_id": "f", "duration": 3}}


class Caller(Phone):
    """A phone whose messages have numbers of their own, as Telegram's have."""

    number = 100

    def _message(self):
        Caller.number += 1
        return {**super()._message(), "message_id": Caller.number}


@pytest.fixture
async def amina(programme) -> Caller:
    actor = await programme.person("Amina", follows=(programme.nord,))
    return Caller(programme, ROUTERS, actor.telegram_id, "Amina")


async def begins(person: Caller, feature: str) -> None:
    """Far enough to have said something."""
    await person.presses(BEGINS[feature].pack())
    if feature == "interpellation":
        await person.taps_on("À une institution")
    await person.types(f"mes mots, {feature}")


@pytest.mark.parametrize(("first", "second"), [("support", "idea"), ("idea", "interpellation"), ("held", "support")])
async def test_what_was_begun_is_kept_while_something_else_is_done_and_offered_at_its_end(amina, first, second):
    if first == "held":
        await amina.types("mes mots, held")
    else:
        await begins(amina, first)
    await amina.presses(BEGINS[second].pack())
    assert amina.reply.toast == "Je garde ce que vous avez commencé."
    await amina.types("autre chose")
    cancel = amina.button("Annuler").press.pack() if "Annuler" in amina.labels else "stop"
    await amina.presses(cancel)
    assert BEGUN[first] in amina.sees
    assert "Voulez-vous continuer ?" in amina.sees
    go_on = amina.button("Continuer").press.pack()
    await amina.presses(cancel)  # a double tap takes nothing away
    assert BEGUN[first] not in amina.sees, "it is said once"
    await amina.types("/menu")
    assert "◀ Reprendre où j’en étais" in amina.labels
    await amina.presses(go_on)
    assert "gardé 1 message" in amina.sees or f"mes mots, {first}" in amina.sees
    assert "autre chose" not in amina.sees


@pytest.mark.parametrize("feature", COMMANDS)
async def test_beginning_the_same_again_goes_on_with_what_was_left(programme, amina, feature):
    await begins(amina, feature)
    other = next(each for each in COMMANDS if each != feature)
    await amina.types(COMMANDS[other])
    assert "Je garde ce que vous avez commencé." in amina.sees
    await amina.types("autre chose")
    await amina.types(COMMANDS[feature])
    assert "gardé 1 message" in amina.sees
    await amina.types(COMMANDS[other])
    programme.clock.advance(minutes=1)
    await amina.types("et encore")
    assert "gardé 2 messages" in amina.sees


async def test_what_was_left_is_sent_after_all(programme, amina):
    await amina.types("/proposer")
    await amina.types("Un banc")
    await amina.types("/demande")
    await amina.taps_on("Autre chose")
    await amina.types("Une salle")
    await amina.taps_on("C’est tout")
    await amina.taps_on("Envoyer")
    assert BEGUN["idea"] in amina.sees
    await amina.taps_on("Continuer")
    await amina.taps_on("C’est tout")
    for press in (IdeaThemePress("autre"), IdeaPlacePress(None), IdeaNamePress(False)):
        await amina.presses(press.pack())
    await amina.taps_on("Envoyer")
    async with programme.database.read() as session:
        assert (await session.exec(select(col(Proposal.words)))).all() == ["Un banc"]


async def test_a_draft_that_was_paused_is_not_lost_by_beginning_another(programme, amina):
    await begins(amina, "support")
    programme.clock.advance(hours=25)
    assert await pause_expired(programme.database, programme.clock) == 1
    await amina.types("/proposer")
    await amina.types("Un banc")
    await amina.types("/menu")
    await amina.taps_on("Reprendre où j’en étais")
    await amina.taps_on("Annuler")
    await amina.types("/demande")
    assert "gardé 1 message" in amina.sees


async def test_what_was_let_go_is_gone_and_nothing_else(programme, amina):
    await begins(amina, "support")
    await amina.types("/proposer")
    await amina.types("Un banc")
    await amina.presses("stop")
    old = amina.button("Laisser tomber").press.pack()
    await amina.taps_on("Laisser tomber")
    assert "C’est oublié." in amina.sees
    await begins(amina, "support")
    await amina.types("/proposer")
    await amina.types("Un arbre")
    await amina.presses("stop")
    await amina.presses(old)  # of what was let go long ago
    await amina.types("/demande")
    assert "gardé 1 message" in amina.sees
    programme.clock.advance(hours=25)
    await pause_expired(programme.database, programme.clock)
    async with programme.database.read() as session:
        version = (await session.exec(select(col(Row.version)).where(col(Row.paused)))).one()
    await amina.presses(ResumePress(False, version).pack())
    async with programme.database.read() as session:
        row = (await session.exec(select(Row).where(col(Row.telegram_id) == amina.telegram_id))).one()
    assert (row.state, row.paused, row.data[LEFT]) == (None, False, [])


async def test_a_question_that_nobody_answered_is_not_offered_again(amina):
    await amina.types("/demande")
    await amina.types("/proposer")
    assert "Je garde" not in amina.sees
    await amina.types("Un banc")
    await amina.types("/profil")
    await amina.taps_on("Prénom")
    await amina.types("Mina")
    assert BEGUN["idea"] in amina.sees


def test_so_many_drafts_are_kept_and_the_oldest_goes():
    keeps_drafts("rule", bool)
    dialogue = Dialogue()
    for number in range(20):
        dialogue.go("rule:words", words=number)
        dialogue.version = number
        dialogue.leave()
    assert [each.data["words"] for each in dialogue.left] == list(range(19, 9, -1))
    assert not dialogue.return_to(3)
    assert dialogue.return_to(12)
    assert (dialogue.state, dialogue.data["words"], len(dialogue.left)) == ("rule:words", 12, 9)


def test_no_feature_ends_what_is_open_to_begin_something_else():
    """`end` is for what is over: who begins something leaves what was open, or begins."""
    begun = re.compile(r"turn\.dialogue\.end\(\)\n\s*(turn\.dialogue\.go|\w+\.keep)\(")
    sources = {path.name: path.read_text() for path in Path(handlers.__file__).parent.glob("*.py")}
    assert [name for name, source in sources.items() if begun.search(source)] == []
    assert any("turn.dialogue.begin(" in source for source in sources.values())
