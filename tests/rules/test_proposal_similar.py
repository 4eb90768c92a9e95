"""Proposals that say nearly the same are found, whatever the spelling; others are not; thousands take no time."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council import proposal_similar
from council.by_ear import sound_alike
from council.folding import fold
from council.proposal_similar import likenesses, similar_proposals
from storage.proposals import Proposal, ProposalState

BENCHES = "Il faudrait des bancs au parc pour les personnes âgées"
PUBLISHED = (
    BENCHES,
    "Réparer l’ascenseur du bâtiment C",
    "Un local pour les jeunes le soir",
    "Des lampadaires rue des Lilas, la nuit on a peur",
    "Une piste cyclable jusqu’à l’école",
)
FOUND = {
    "Mettre des bancs dans le parc": 0,
    "DES BANCS AU PARC !!!": 0,
    "dé bans o parc": 0,
    "parc : bancs": 0,
    "plus de bancs": 0,
    "L'ascenceur du batiment C est a réparé": 1,
    "local des jeunes, le soir": 2,
    "lampadère rue des lilas": 3,
    "piste ciclable pour l’ecole": 4,
}
UNLIKE = (
    "Un marché de Noël",
    "Plus de poubelles devant les immeubles",
    "Cours de français gratuits",
    "😀",
    "",
    "le la les des",
    "مقاعد",
)
_WORDS = (
    "bancs", "parc", "ascenseur", "lampadaires", "bibliothèque",
    "jardin", "poubelles", "marché", "école", "fontaine",
)  # fmt: skip


def best(words: str) -> int | None:
    likeness = likenesses(fold(words), [fold(each) for each in PUBLISHED])
    place = max(range(len(likeness)), key=likeness.__getitem__)
    return place if likeness[place] >= proposal_similar.ENOUGH else None


@pytest.mark.parametrize("words", FOUND)
def test_the_same_idea_in_other_words_and_spelling_is_found(words):
    assert best(words) == FOUND[words]


@pytest.mark.parametrize("words", UNLIKE)
def test_what_is_unlike_is_not_found(words):
    assert best(words) is None


BY_EAR = {
    "metre dé ban devan lekol": "Des bancs devant l'école",
    "l assenseur il marche pa": "Réparer l'ascenseur du bâtiment C",
    "lassenseur est en panne": "Réparer l'ascenseur du bâtiment C",
    "il i a tro de poubel": "Trop de poubelles dans la rue",
    "i fo des lampadere rue dé lila": "Des lampadaires rue des Lilas, la nuit on a peur",
    "une picine pour lé zanfan": "Une piscine pour les enfants",
    "un jardain partagé": "Un jardin partagé derrière l'école",
    "la fontene du park": "Une fontaine au parc",
}
APART = {
    "Un marché de Noël": "L’ascenseur ne marche pas",
    "Le toit est cassé": "Réparer l'ascenseur du bâtiment C",
    "La lumière est en panne": "Réparer l'ascenseur du bâtiment C",
    "Des cours de français": "Fleurir les cours d'immeubles",
    "Un pont sur la rivière": "Des ponceuses à prêter",
    "Des espaces verts": "Aller vers les gens",
    "Une aire de jeux": "Un air plus pur rue Pasteur",
    "Le bus passe trop tard": "Le bois du parc",
    "Le pain de la cantine": "Repeindre le pont en pin",
    "Un local vélo": "Un local pour les jeunes",
}


@pytest.mark.parametrize("words", BY_EAR)
def test_what_is_written_by_ear_is_found(words):
    assert likenesses(fold(words), [fold(BY_EAR[words])])[0] >= proposal_similar.ENOUGH


@pytest.mark.parametrize("words", APART)
def test_what_only_sounds_a_little_alike_is_not(words):
    for one, other in ((words, APART[words]), (APART[words], words)):
        assert likenesses(fold(one), [fold(other)])[0] < proposal_similar.ENOUGH


@given(st.text(max_size=40).map(fold), st.text(max_size=40).map(fold))
def test_sounding_alike_goes_both_ways(one, other):
    assert sound_alike(one, other) == sound_alike(other, one)


def misspelt(word: str, place: int, slip: str) -> str:
    """One slip of the finger: a letter left out, two that have changed places, another letter."""
    place %= len(word) - 1
    if slip == "out":
        return word[:place] + word[place + 1 :]
    if slip == "swapped":
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + "x" + word[place + 1 :]


@given(
    words=st.lists(st.sampled_from([each for each in _WORDS if len(each) > 4]), min_size=2, max_size=6, unique=True),
    place=st.integers(0, 20),
    slip=st.sampled_from(("out", "swapped", "other")),
    shout=st.booleans(),
    data=st.data(),
)
def test_with_a_slip_in_each_word_in_any_order_it_is_the_same(words, place, slip, shout, data):
    there = " ".join(words)
    written = " ".join(misspelt(each, place, slip) for each in data.draw(st.permutations(words)))
    (likeness,) = likenesses(fold(written.upper() if shout else written), [fold(there)])
    assert likeness >= proposal_similar.ENOUGH


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=5))
def test_whatever_is_written_is_compared_with_each_and_never_fails(words, others):
    found = likenesses(fold(words), [fold(each) for each in others])
    assert len(found) == len(others)
    assert all(0 <= each <= 1 for each in found)


@given(mine=st.sets(st.sampled_from(_WORDS[:5]), min_size=1), theirs=st.sets(st.sampled_from(_WORDS[5:]), min_size=1))
def test_without_a_word_in_common_nothing_is_near(mine, theirs):
    (likeness,) = likenesses(fold(" ".join(mine)), [fold(" ".join(theirs))])
    assert likeness < proposal_similar.ENOUGH


def test_of_thousands_each_word_is_compared_once(monkeypatch):
    """However many texts there are, the work grows with their different words alone."""
    chance = random.Random(7)
    known = ["".join(chance.choices("abcdefghilmnoprstu", k=chance.randint(4, 9))) for _ in range(500)]
    texts = [" ".join(chance.choices(known, k=60)) for _ in range(5_000)]
    looked_at = []
    near = proposal_similar._near
    monkeypatch.setattr(
        proposal_similar, "_near", lambda word, vocabulary: looked_at.append(len(vocabulary)) or near(word, vocabulary)
    )
    found = likenesses(texts[3], texts)
    assert found[3] == 1.0
    assert len(looked_at) <= 30
    assert max(looked_at) <= 500


async def _published(programme, author, words, **changes):
    now = programme.clock.now()
    values = {
        "council_id": programme.nord, "state": ProposalState.RECEIVED, "published_at": now, "author_id": None, **changes
    }  # fmt: skip
    async with programme.database.write() as session:
        number = len((await session.exec(proposal_similar.select(Proposal))).all()) + 1
        made = Proposal(
            number=f"P-2026-{number:03d}", theme="autre", words=words, folded=fold(words), created_at=now,
            moved_at=now, request_key=f"k{number}", **{"title": words, **values},
        )  # fmt: skip
        session.add(made)
    return made


async def test_only_what_is_public_open_of_this_council_and_somebody_elses_is_shown(programme):
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    wanted = await _published(programme, rosa, BENCHES)
    for changes in (
        {"state": ProposalState.SUBMITTED},
        {"state": ProposalState.TO_CORRECT},
        {"state": ProposalState.SET_ASIDE},
        {"state": ProposalState.WITHDRAWN},
        {"state": ProposalState.MERGED},
        {"state": ProposalState.DONE},
        {"state": ProposalState.REFUSED},
        {"hidden_at": programme.clock.now()},
        {"council_id": programme.sud},
        {"author_id": rosa.person_id},
    ):
        await _published(programme, rosa, BENCHES, **changes)
    async with programme.database.read() as session:
        found = await similar_proposals(session, programme.nord, "des bancs au parc", besides=rosa.person_id)
        assert [(each.id, each.number, each.title) for each in found] == [(wanted.id, wanted.number, BENCHES)]
        assert await similar_proposals(session, programme.nord, "un marché de Noël") == []
        assert await similar_proposals(session, programme.nord, "") == []


async def test_a_title_that_says_the_same_is_found_however_much_is_said_below_it(programme):
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    below = "Les grands-parents attendent debout sous la pluie, et personne ne les voit derrière la grille."
    wanted = await _published(programme, rosa, f"Des bancs devant l’école. {below}", title="Des bancs devant l’école")
    async with programme.database.read() as session:
        (found,) = await similar_proposals(session, programme.nord, "metre dé banc devan lécole pour les maman")
        assert found.id == wanted.id
        assert await similar_proposals(session, programme.nord, "Des arbres devant la mairie, pour l’ombre") == []


async def test_the_nearest_come_first_and_three_at_most(programme):
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    for words in ("Des bancs au parc et des jeux", "Des bancs au parc", "Bancs, parc, jeux, fontaine", "Bancs du parc"):
        await _published(programme, rosa, words)
    async with programme.database.read() as session:
        found = await similar_proposals(session, programme.nord, "Des bancs au parc")
    assert len(found) == 3
    assert found[0].title == "Des bancs au parc" or found[0].likeness == 1.0
    assert [each.likeness for each in found] == sorted((each.likeness for each in found), reverse=True)
