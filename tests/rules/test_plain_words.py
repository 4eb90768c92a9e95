"""« Langage simple » (domain.md, section 6): what a program can check of the cards that everybody meets."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from council.actors import Actor, Held
from council.joining import CouncilChoice
from handlers import commands
from handlers.cards import help as help_cards
from handlers.cards import home, joining, privacy, profile, unplaced
from handlers.cards.help import HelpTopic
from locales.extract import KEYWORDS
from locales.translator import translator
from storage.people import News, Role

ROOT = Path(__file__).parents[2]
MINE = (
    "handlers/cards/home.py",
    "handlers/cards/joining.py",
    "handlers/cards/profile.py",
    "handlers/cards/privacy.py",
    "handlers/cards/privacy_notice.py",
    "handlers/cards/help.py",
    "handlers/cards/unplaced.py",
    "handlers/cards/support.py",
    "handlers/cards/support_asking.py",
    "handlers/cards/support_news.py",
    "handlers/cards/support_words.py",
    "handlers/cards/pages.py",
    "handlers/cards/proposal.py",
    "handlers/cards/proposal_asking.py",
    "handlers/cards/proposal_author.py",
    "handlers/cards/proposal_list.py",
    "handlers/cards/proposal_mine.py",
    "handlers/cards/proposal_words.py",
    "handlers/cards/interpellation.py",
    "handlers/cards/interpellation_asking.py",
    "handlers/cards/interpellation_list.py",
    "handlers/cards/interpellation_menu.py",
    "handlers/cards/interpellation_more.py",
    "handlers/cards/interpellation_news.py",
    "handlers/cards/interpellation_words.py",
    "handlers/cards/journal.py",
    "handlers/commands.py",
    "documents/journal_words.py",
    "documents/meeting_words.py",
    "documents/my_data_words.py",
    "documents/notice_words.py",
    "documents/person_words.py",
    "documents/support_words.py",
)
MOST_WORDS = 12
MOST_LINES = 5
SAY = translator("fr")
AMINA = Actor(1, 2, "Amina", "fr", (Held(Role.LEAD, 1), Held(Role.COORDINATOR, None)), frozenset({1, 2, 3, 4, 5}))
COUNCILS = {number: f"Conseil {number}" for number in range(1, 30)}


def _sentences() -> list[str]:
    found = []
    for path in MINE:
        for _, message, _, _ in extract_from_file("python", ROOT / path, keywords=KEYWORDS):
            texts = message if isinstance(message, tuple) else (message,)
            found += [part.strip() for text in texts for part in re.split(r"(?<=[.!?])\s", text)]
    return [each for each in found if each]


@pytest.mark.parametrize("sentence", sorted(set(_sentences())))
def test_a_sentence_is_short_and_without_signs_that_one_must_know(sentence):
    words = re.findall(r"[\w’'{}]+", sentence)
    assert len(words) <= MOST_WORDS
    assert not re.search(r"[&§/;]|\b(?:etc|ex|cf|tél|RDV|svp|QPV|nb)\b", sentence)
    assert not re.search(r"\b(?:tu|ton|ta|tes|toi)\b", sentence.lower())


def _cards(settings):
    choices = [CouncilChoice(number, name, name.lower()) for number, name in COUNCILS.items()]
    yield home.home_card(AMINA, SAY)
    yield home.home_card(None, SAY)
    yield joining.greeting_card(settings, SAY, trouble="Ce lien ne marche plus.")
    yield joining.notice_card(settings, SAY)
    yield joining.age_card(settings, SAY)
    yield joining.young_card(settings, SAY)
    yield joining.council_card(settings, choices, 1, SAY, trouble="Je ne trouve pas ce nom.")
    yield joining.follow_also_card(SAY, 1, "Nord")
    for role in Role:
        yield joining.greeting_card(settings, SAY, role, "Nord")
        yield joining.welcome_card(AMINA, SAY, role, "Nord", trouble="Ce lien ne marche plus.")
        yield joining.accepted_card(AMINA, SAY, role, "Nord")
    yield joining.welcome_card(AMINA, SAY)
    yield profile.profile_card(AMINA, News.DIGEST, COUNCILS, SAY)
    yield profile.name_card(AMINA, "Mina", SAY)
    yield profile.languages_card(("fr", "en", "ar"), SAY)
    yield profile.news_card(News.EACH, SAY)
    yield profile.councils_card(AMINA, COUNCILS, 2, SAY)
    yield privacy.privacy_card(settings, AMINA, SAY)
    yield privacy.leave_card(AMINA, SAY)
    yield privacy.erased_card(SAY)
    yield from privacy.my_data_cards(b"", b"", SAY)
    for topic in HelpTopic:
        yield help_cards.help_card(topic, settings, AMINA, SAY)
    for sent in unplaced.Sent:
        yield unplaced.unplaced_card(sent, settings, AMINA, SAY)
        yield unplaced.unexpected_card(sent, SAY)


def test_a_card_has_five_lines_at_most_one_question_and_a_way_on(programme):
    for card in _cards(programme.settings):
        lines = [re.sub("<[^>]*>", "", line) for line in card.text.splitlines() if line]
        questions = [line for line in lines if line.endswith("?")]
        assert len(lines) - len(questions) <= MOST_LINES, card.text
        assert len(questions) <= 1, card.text
        for row in card.rows:
            assert 1 <= len(row) <= 3
            assert all(button.press is None or button.press.pack() for button in row)
    assert len(list(_cards(programme.settings))) > len(Role)


def test_command_lists_grow_with_the_role_and_fit_telegram():
    lists = [commands.commands_for(group, SAY) for group in commands.RoleGroup]
    assert [len(each) for each in lists] == [14, 18, 21, 22]
    for names in lists:
        assert {"start", "menu", "privacy", "aide", "supprimer"} <= {name for name, _ in names}
        for name, description in names:
            assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
            assert 1 <= len(description) <= 256


def test_who_has_a_role_sees_its_commands():
    assert commands.group_of(None) is commands.RoleGroup.EVERYBODY
    assert commands.group_of(Actor(1, 2, "A", "fr")) is commands.RoleGroup.EVERYBODY
    for role, group in (
        (Role.MEMBER, commands.RoleGroup.EVERYBODY),
        (Role.LEAD, commands.RoleGroup.LEADS),
        (Role.ANIMATOR, commands.RoleGroup.ANIMATORS),
        (Role.COORDINATOR, commands.RoleGroup.COORDINATORS),
    ):
        assert commands.group_of(Actor(1, 2, "A", "fr", (Held(role, None),))) is group
