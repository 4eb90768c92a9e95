"""Lists of proposals, and finding them with slips of the finger."""

import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from council.folding import fold
from council.proposal_lists import Order, count_by_theme, likest, list_proposals, search_proposals
from storage.people import Person
from storage.proposals import NEVER_PUBLIC, Proposal, ProposalFollower, ProposalState

IDEAS = {
    1: "Éclairer l’allée des Écureuils la nuit",
    2: "Des bancs devant l’école Jean-Jaurès",
    3: "Un cours de français le mardi soir",
    4: "Réparer l’ascenseur du bâtiment B",
    5: "إنارة الشارع ليلا",
}
FOLDED = [(each_id, fold(words)) for each_id, words in IDEAS.items()]
LONG = [(each_id, word) for each_id, words in FOLDED for word in words.split() if len(word) >= 6]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("ecureuils", [1]),
        ("ECLAIRER", [1]),
        ("éclairé", [1]),
        ("ecurueils", [1]),
        ("banc", [2]),
        ("jean jaures", [2]),
        ("francais", [3]),
        ("cours de francai", [3]),
        ("assenseur", [4]),
        ("je voudrais réparer l’ascenseur", [4]),
        ("الشارع", [5]),
        ("piscine", []),
        ("", []),
        ("!!! 😀", []),
        ("x" * 4096, []),
    ],
)
def test_what_is_meant_is_found(sought: str, found: list[int]):
    assert likest(sought, FOLDED) == found


@given(chosen=st.sampled_from(LONG), data=st.data())
def test_a_word_is_found_with_one_slip_of_the_finger(chosen: tuple[int, str], data: st.DataObject):
    each_id, word = chosen
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    slips = [
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
    ]
    slip = data.draw(st.sampled_from(slips))
    assert each_id in likest(slip, FOLDED), slip


@given(words=st.text(max_size=60))
def test_a_text_is_found_by_its_own_words_and_nothing_is_listed_twice(words: str):
    texts = [*FOLDED, (99, fold(words))]
    found = likest(words, texts)
    assert len(found) == len(set(found))
    assert (99 in found) == bool(fold(words))


async def fill(programme, count: int, *, supporters: int = 0) -> list[int]:
    """Published in "nord", oldest first; number n has `n % (supporters + 1)` people behind it."""
    now = programme.clock.now()
    async with programme.database.write() as session:
        rows = [
            {
                "number": f"P-2026-{n:03d}",
                "council_id": programme.nord,
                "theme": "autre" if n % 2 else "nature",
                "title": f"Idée {n}",
                "folded": f"idee {n} planter des arbres devant le numero {n}",
                "state": ProposalState.RECEIVED,
                "created_at": now,
                "published_at": now + timedelta(minutes=n),
                "moved_at": now,
                "request_key": f"rule:{n}",
                "originals": [],
                "flags": [],
                "words": "",
                "place": "",
                "anonymous": False,
                "revision": 1,
            }
            for n in range(count)
        ]
        await session.exec(insert(Proposal), params=rows)
        people = [
            {"telegram_id": 9_000_000_000 + n, "first_name": "V", "language": "fr", "created_at": now,
             "last_heard_at": now, "news": "each"}
            for n in range(supporters)
        ]  # fmt: skip
        if people:
            await session.exec(insert(Person), params=people)
    async with programme.database.write() as session:
        ids = sorted((await session.exec(_ids(Proposal))).scalars().all())
        person_ids = sorted((await session.exec(_ids(Person))).scalars().all())
        behind = [
            {"proposal_id": each, "person_id": person, "supports": True, "since": now}
            for n, each in enumerate(ids)
            for person in person_ids[: n % (supporters + 1)]
        ]
        if behind:
            await session.exec(insert(ProposalFollower), params=behind)
    return ids


def _ids(table):
    from sqlalchemy import select

    return select(table.id)


async def test_pages_hold_each_proposal_once_in_both_orders(programme):
    ids = await fill(programme, 20, supporters=3)
    for order in Order:
        seen = []
        async with programme.database.read() as session:
            page, more = 0, True
            while more:
                listed = await list_proposals(session, (programme.nord,), page, 6, order=order)
                seen += listed.rows
                page, more = page + 1, listed.more
        assert sorted(each.id for each in seen) == ids
        if order is Order.NEWEST:
            assert [each.id for each in seen] == ids[::-1]
        else:
            assert [each.supporters for each in seen] == sorted((n % 4 for n in range(20)), reverse=True)
    async with programme.database.read() as session:
        assert await count_by_theme(session, (programme.nord,)) == {"autre": 10, "nature": 10}
        assert (await list_proposals(session, (programme.sud,), 0, 6)).rows == ()
        assert (await list_proposals(session, (), 0, 6)).rows == ()
        nature = await list_proposals(session, (programme.nord,), 0, 6, theme="nature")
        assert [each.id for each in nature.rows] == ids[::2][::-1][:6]
        assert (await list_proposals(session, (programme.nord,), 10**9, 6)).rows == ()
        assert (await list_proposals(session, (programme.nord,), -5, 6)).page == 0


@pytest.mark.parametrize("state", ProposalState)
async def test_lists_and_searches_show_what_is_public_alone(programme, state):
    (only,) = await fill(programme, 1)
    async with programme.database.write() as session:
        (await session.get_one(Proposal, only)).state = state
    expected = [] if state in NEVER_PUBLIC else [only]
    async with programme.database.read() as session:
        listed = await list_proposals(session, (programme.nord,), 0, 6)
        assert [each.id for each in listed.rows] == expected
        found = await search_proposals(session, (programme.nord,), "arbre", 0, 6)
        assert [each.id for each in found.rows] == expected
    async with programme.database.write() as session:
        (await session.get_one(Proposal, only)).hidden_at = programme.clock.now()
    async with programme.database.read() as session:
        assert (await list_proposals(session, (programme.nord,), 0, 6)).rows == ()
