"""What nothing was waiting for: a kind answer with buttons, never silence, and never one answer for each of a flood."""

import pytest
from phones import Phone

from handlers import home, joining, profile, support, unplaced

ROUTERS = [each.router for each in (home, joining, profile, support, unplaced)]
FILE = {"file_id": "f", "file_unique_id": "f"}
PHOTO = [{**FILE, "width": 1, "height": 1}]
SENT = {
    "words": {"text": "Le lampadaire est cassé"},
    "long words": {"text": "é" * 4096},
    "markup": {"text": "<b>&"},
    "command": {"text": "/inconnu"},
    "two commands": {"text": "/a /b"},
    "voice": {"voice": {**FILE, "duration": 3}},
    "video note": {"video_note": {**FILE, "length": 1, "duration": 1}},
    "photo": {"photo": PHOTO},
    "video": {"video": {**FILE, "width": 1, "height": 1, "duration": 1}},
    "animation": {"animation": {**FILE, "width": 1, "height": 1, "duration": 1}, "document": FILE},
    "document": {"document": FILE},
    "audio": {"audio": {**FILE, "duration": 3}},
    "location": {"location": {"latitude": 43.6, "longitude": 1.44}},
    "venue": {
        "venue": {"location": {"latitude": 1.0, "longitude": 1.0}, "title": "t", "address": "a"},
        "location": {"latitude": 1.0, "longitude": 1.0},
    },
    "contact": {"contact": {"phone_number": "+33", "first_name": "x"}},
    "sticker": {
        "sticker": {
            **FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False
        }
    },
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "poll": {
        "poll": {
            "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
            "is_anonymous": True, "type": "regular", "allows_multiple_answers": False, "allows_revoting": False,
            "members_only": False,
        }
    },
}  # fmt: skip


@pytest.fixture
async def amina(programme) -> Phone:
    actor = await programme.person("Amina")
    return Phone(programme, ROUTERS, actor.telegram_id)


ANSWERED = {"command", "two commands", "sticker", "dice", "poll"}
"""What says nothing about anybody's need."""


@pytest.mark.parametrize("kind", sorted(ANSWERED))
async def test_commands_and_games_get_a_kind_answer_with_the_menu(amina, kind):
    await amina.sends(**SENT[kind])
    assert "Que voulez-vous faire ?" in amina.sees
    assert "dpo@essai.example" in amina.sees
    assert "👤 Mon profil" in amina.labels


@pytest.mark.parametrize("kind", sorted(SENT.keys() - ANSWERED))
async def test_all_that_says_something_is_held_and_asked_about(amina, kind):
    await amina.sends(**SENT[kind])
    assert "J’ai gardé 1 message." in amina.sees
    assert "Que voulez-vous en faire ?" in amina.sees
    assert amina.labels == ["💡 Proposer une idée", "✉️ Interroger une institution", "🙋 Demander un appui", "Rien"]
    await amina.taps_on("Rien")
    assert "👤 Mon profil" in amina.labels


@pytest.mark.parametrize("content", SENT.values(), ids=SENT.keys())
async def test_strangers_are_invited_to_join(programme, content):
    stranger = Phone(programme, ROUTERS, 7_300_000_001)
    await stranger.sends(**content)
    assert stranger.labels == ["Commencer"]


async def test_a_corrected_message_that_is_not_held_is_asked_for_again(amina):
    await amina.sends("edited_message", text="corrigé", edit_date=1772442060)
    assert "Envoyez-le de nouveau." in amina.sees


async def test_an_album_gets_one_answer_and_the_next_minute_another(programme, amina):
    answers = []
    for _ in range(5):
        await amina.sends(photo=PHOTO, media_group_id="7")
        answers.append(len(amina.reply.cards))
    assert answers == [1, 0, 0, 0, 0]
    programme.clock.advance(seconds=60)
    await amina.types("et alors ?")
    assert amina.reply.cards


async def test_in_a_dialogue_the_open_question_stays_open(amina):
    await amina.types("/profil")
    await amina.taps_on("Prénom")
    await amina.sends(photo=PHOTO)
    assert "Répondez à ma dernière question, ou annulez." in amina.sees
    await amina.types("Mina")
    assert "Prénom : Mina" in amina.sees


@pytest.mark.parametrize("data", ["gone:1", "x", ""])
async def test_a_dead_button_says_so_and_shows_the_menu(amina, data):
    await amina.presses(data)
    assert amina.reply.toast == "Ce bouton ne marche plus."
    assert amina.reply.fresh
    assert "👤 Mon profil" in amina.labels


async def test_telegrams_own_notes_are_no_questions_and_no_answers(amina):
    timer = {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}
    await amina.sends(**timer)
    assert amina.reply.cards == ()
    await amina.types("/profil")
    await amina.taps_on("Prénom")
    await amina.sends(**timer)
    assert amina.reply.cards == ()
    await amina.types("Mina")
    assert "Prénom : Mina" in amina.sees
    await amina.types("/demande")
    await amina.sends(**timer)
    assert amina.reply.cards == ()
