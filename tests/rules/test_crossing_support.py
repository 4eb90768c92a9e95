"""Two of the team, or one of them and who asked, act on one request at the same moment: one effect, nobody stuck."""

import pytest
from crossings import crossed, side_by_side
from promise_scenes import again, animator_of, coordinator_of, steps, told
from sqlmodel import col, select
from team_scenes import ask

from council import roles
from council.contents import Content
from council.errors import OutOfDate, Refusal
from council.groups import link_group
from council.notices import NoticeKind
from council.support import SupportDraft, ask_support
from council.support_adding import How, add_words
from council.support_end import carry_out, follow_up_due, judge, rate, withdraw
from council.support_settings import SupportSettings
from council.support_sorting import merge
from council.support_taking import NotOnTheTeam, TakenBy, take, transfer
from council.support_talk import TalkEnded, say_to_requester, say_to_team
from council.support_topic_holds import hold_request
from council.support_topics import topic_made
from council.team_group import link_team, linked_team, unlink_team
from storage.groups import TeamGroup
from storage.outbox import NoticeState
from storage.people import Role
from storage.support import ContentKind, SupportKind, SupportRequest, SupportState, Verdict

HELD = "FROM support_request .*FOR UPDATE"
POSTS = "FROM animator_post .*FOR UPDATE"
GROUP, OTHER = -1_001_800_000_001, -1_001_800_000_002


def words(author, message_id: int = 900) -> Content:
    return Content(ContentKind.TEXT, author.telegram_id, message_id, ("Bonjour",))


@pytest.fixture
async def ali(programme):
    return await programme.person("Ali", follows=(programme.nord,))


def _of(error: type[Refusal], ends: list[object]) -> list[object]:
    """Those that were refused so; whatever else went wrong is told."""
    for each in ends:
        assert not isinstance(each, BaseException) or isinstance(each, error), repr(each)
    return [each for each in ends if isinstance(each, error)]


class Together:
    """Ali's request was merged into Rosa's."""

    def __init__(self, programme, claire) -> None:
        self.programme, self.clock, self.settings, self.claire = programme, programme.clock, programme.settings, claire

    async def merged(self, rosa, ali) -> tuple[SupportRequest, SupportRequest]:
        one, same = await ask(self.programme, rosa), await ask(self.programme, ali)
        async with self.programme.database.write() as session:
            await merge(session, self.clock, self.claire, same.id, one.id)
        return one, same


@pytest.mark.parametrize("first", ["who asked", "the team"])
async def test_taken_while_it_is_taken_back_and_goes_on_for_somebody_else(programme, rosa, ali, claire, first):
    one, same = await Together(programme, claire).merged(rosa, ali)
    julien = await animator_of(programme, programme.nord)

    async def withdraws(session):
        await withdraw(session, programme.clock, rosa, one.id)

    async def takes(session):
        await take(session, programme.clock, julien, one.id)

    if first == "who asked":
        ends = await crossed(programme.database, withdraws, takes, after="UPDATE support_request")
    else:
        ends = await crossed(programme.database, takes, withdraws, after=POSTS)
    _of(OutOfDate, ends)
    assert (await again(programme, one)).state is SupportState.WITHDRAWN
    heir = await again(programme, same)
    assert (heir.state, heir.animator_id) == (SupportState.ASSIGNED, julien.person_id)


@pytest.mark.parametrize("first", ["who asked", "the role"])
async def test_taken_back_while_the_role_ends_of_who_has_it(programme, rosa, ali, claire, first):
    julien = await animator_of(programme, programme.nord)
    one, same = await Together(programme, claire).merged(rosa, ali)

    async def withdraws(session):
        await withdraw(session, programme.clock, rosa, one.id)

    async def revokes(session):
        there = julien.person_id, Role.ANIMATOR, programme.nord
        await roles.revoke(session, programme.clock, claire, *there)

    if first == "who asked":
        ends = await crossed(programme.database, withdraws, revokes, after="UPDATE support_request")
    else:
        ends = await crossed(programme.database, revokes, withdraws, after=POSTS)
    assert ends == [None, None]
    assert (await again(programme, same)).animator_id is None, "nobody holds it who is of the team no more"


async def test_two_merges_of_the_same_requests_do_not_wait_for_each_other(programme, rosa, ali, claire):
    one, two = await ask(programme, rosa), await ask(programme, ali)
    three = await ask(programme, await programme.person("Zoé", follows=(programme.nord,)))
    async with programme.database.write() as session:
        await merge(session, programme.clock, claire, one.id, two.id)
    ends = await crossed(
        programme.database,
        lambda session: merge(session, programme.clock, claire, two.id, three.id),
        lambda session: merge(session, programme.clock, claire, one.id, two.id),
        after=HELD,
    )
    assert len(_of(Refusal, ends)) == 1
    assert {(await again(programme, each)).duplicate_of_id for each in (one, two)} == {three.id}


@pytest.mark.parametrize("first", ["answer", "merge"])
async def test_merged_while_it_is_answered(programme, rosa, ali, claire, first):
    julien = await animator_of(programme, programme.nord)
    one, two = await ask(programme, rosa), await ask(programme, ali)

    async def answers(session):
        await say_to_requester(session, programme.clock, programme.settings, julien, two.id, (words(julien),))

    async def merges(session):
        await merge(session, programme.clock, claire, two.id, one.id)

    both = (answers, merges) if first == "answer" else (merges, answers)
    ends = await crossed(programme.database, *both, after=HELD)
    refused = _of(TalkEnded, ends)
    assert len(refused) == (first == "merge")
    assert (await again(programme, two)).state is SupportState.MERGED
    relayed = [each.person_id for each in await told(programme, NoticeKind.SUPPORT_RELAY)]
    assert relayed == ([ali.person_id] if first == "answer" else [])


@pytest.mark.parametrize("first", ["take", "transfer"])
@side_by_side
async def test_given_to_somebody_while_another_takes_it(programme, rosa, claire, first):
    request = await ask(programme, rosa)
    julien = await animator_of(programme, programme.nord)
    amina = await animator_of(programme, programme.sud, name="Amina")

    async def takes(session):
        await take(session, programme.clock, julien, request.id)

    async def gives(session):
        await transfer(session, programme.clock, programme.settings, claire, request.id, amina.person_id)

    both = (takes, gives) if first == "take" else (gives, takes)
    ends = await crossed(programme.database, *both, after="UPDATE support_request")
    assert len(_of(TakenBy if first == "transfer" else OutOfDate, ends)) == 1
    holder = julien if first == "take" else amina
    assert (await again(programme, request)).animator_id == holder.person_id
    hands = [act for act, _ in await steps(programme, request) if act in ("taken", "assigned", "transferred")]
    assert len(hands) == 1


async def test_an_answer_that_waits_for_the_end_of_the_role_takes_nothing(programme, rosa, claire):
    julien = await animator_of(programme, programme.nord)
    request = await ask(programme, rosa)

    async def revokes(session):
        there = julien.person_id, Role.ANIMATOR, programme.nord
        await roles.revoke(session, programme.clock, claire, *there)

    async def answers(session):
        await say_to_requester(session, programme.clock, programme.settings, julien, request.id, (words(julien),))

    _, refused = await crossed(programme.database, revokes, answers, after=HELD)
    assert isinstance(refused, NotOnTheTeam)
    assert (await again(programme, request)).animator_id is None


async def test_two_albums_that_come_to_one_animator_do_not_wait_for_each_other(programme, rosa, ali, julien):
    one, other = await ask(programme, rosa), await ask(programme, ali)

    def sends(author, request, message_id):
        photo = Content(ContentKind.PHOTO, author.telegram_id, message_id, (), f"{message_id}", album=author.first_name)
        return lambda session: say_to_team(session, programme.clock, programme.settings, author, request.id, (photo,))

    for message_id in (801, 802):
        for author, request in ((rosa, one), (ali, other)):
            async with programme.database.write() as session:
                await sends(author, request, message_id)(session)
        programme.clock.advance(milliseconds=200)
    ends = await crossed(programme.database, sends(rosa, one, 803), sends(ali, other, 803), after="UPDATE outbox")
    assert _of(Refusal, ends) == []
    relays = await told(programme, NoticeKind.SUPPORT_RELAY)
    assert len({each.subject_id for each in relays if each.not_before > programme.clock.now()}) == 2


class Done:
    """A request that is carried out, and waits for the word of Rosa."""

    def __init__(self, programme, julien, rosa) -> None:
        self.programme, self.clock, self.settings, self.julien, self.rosa = (
            programme, programme.clock, programme.settings, julien, rosa,
        )  # fmt: skip

    async def made(self) -> "Done":
        self.request = await ask(self.programme, self.rosa)
        async with self.programme.database.write() as session:
            await carry_out(session, self.clock, self.settings, self.julien, self.request.id, "C’est fait.")
        return self

    def judges(self, verdict: Verdict):
        return lambda session: judge(session, self.clock, self.settings, self.rosa, self.request.id, 1, verdict)

    async def count(self, act: str) -> int:
        return [each for each, _ in await steps(self.programme, self.request)].count(act)


@pytest.fixture
async def done(programme, julien, rosa) -> Done:
    return await Done(programme, julien, rosa).made()


@pytest.mark.parametrize("verdicts", [(Verdict.SOLVED, Verdict.SOLVED), (Verdict.PARTLY, Verdict.NO)])
async def test_of_two_verdicts_at_once_one_counts(done, verdicts):
    one, other = (done.judges(each) for each in verdicts)
    ends = await crossed(done.programme.database, one, other, after="UPDATE support_request")
    assert len(_of(OutOfDate, ends)) == 1
    assert await done.count("judged") == 1
    assert (await again(done.programme, done.request)).verdict is verdicts[0]


async def test_of_two_faces_at_once_one_counts(done):
    async with done.programme.database.write() as session:
        await done.judges(Verdict.SOLVED)(session)

    def rates(face):
        return lambda session: rate(session, done.clock, done.rosa, done.request.id, 1, face)

    ends = await crossed(done.programme.database, rates(5), rates(1), after="UPDATE support_request")
    assert len(_of(OutOfDate, ends)) == 1
    assert ((await again(done.programme, done.request)).face, await done.count("closed")) == (5, 1)


async def test_work_that_two_end_at_once_is_ended_once(programme, rosa, julien, claire):
    request = await ask(programme, rosa)

    def ends_it(actor, result):
        return lambda session: carry_out(session, programme.clock, programme.settings, actor, request.id, result)

    both = ends_it(julien, "Une salle est réservée."), ends_it(claire, "C’est fait.")
    ends = await crossed(programme.database, *both, after="UPDATE support_request")
    assert len(_of(OutOfDate, ends)) == 1
    assert [act for act, _ in await steps(programme, request)].count("carried_out") == 1
    assert len(await told(programme, NoticeKind.SUPPORT_VERDICT_ASKED)) == 1


@pytest.mark.parametrize("first", ["verdict", "role"])
async def test_reopened_while_the_role_ends_of_who_had_it(done, claire, first):
    async def revokes(session):
        there = done.julien.person_id, Role.ANIMATOR, done.programme.nord
        await roles.revoke(session, done.clock, claire, *there)

    judges = done.judges(Verdict.NO)
    if first == "verdict":
        ends = await crossed(done.programme.database, judges, revokes, after="UPDATE support_request")
    else:
        ends = await crossed(done.programme.database, revokes, judges, after=POSTS)
    _of(Refusal, ends)
    now = await again(done.programme, done.request)
    assert (now.state, now.animator_id) == (SupportState.RECEIVED, None)


async def test_words_of_two_updates_reopen_a_request_once_and_both_are_kept(done):
    async with done.programme.database.write() as session:
        await done.judges(Verdict.SOLVED)(session)
        await rate(session, done.clock, done.rosa, done.request.id, 1, 5)

    def adds(message_id):
        said = (words(done.rosa, message_id),)
        place = done.rosa, done.request.id, said, f"add {message_id}"
        return lambda session: add_words(session, done.clock, done.settings, *place)

    ends = await crossed(done.programme.database, adds(901), adds(902), after="UPDATE support_request")
    assert [each.how for each in ends] == [How.REOPENED, How.ADDED]
    assert await done.count("reopened") == 1
    assert (await again(done.programme, done.request)).rounds == 2


@side_by_side
async def test_who_answers_at_the_moment_of_the_last_question_is_not_asked(done):
    done.clock.advance(days=10)

    async def sweeps(_session):  # in transactions of its own
        await follow_up_due(done.programme.database, done.clock, done.settings)

    ends = await crossed(done.programme.database, done.judges(Verdict.SOLVED), sweeps, after="UPDATE support_request")
    assert not any(isinstance(each, BaseException) for each in ends)
    assert len(await told(done.programme, NoticeKind.SUPPORT_VERDICT_ASKED)) == 1


async def test_the_same_request_sent_twice_at_once_is_one_and_two_have_two_numbers(programme, rosa):
    def asks(key, message_id):
        draft = SupportDraft(SupportKind.ROOM, (words(rosa, message_id),), programme.nord)
        return lambda session: ask_support(session, programme.clock, programme.settings, rosa, draft, key)

    one, same = await crossed(programme.database, asks("a", 1), asks("a", 1), after="INSERT INTO number_series")
    assert (one.id, one.number) == (same.id, same.number)
    ali = await programme.person("Ali", follows=(programme.nord,))

    def also(session):
        draft = SupportDraft(SupportKind.ROOM, (words(ali, 3),), programme.nord)
        return ask_support(session, programme.clock, programme.settings, ali, draft, "c")

    two, three = await crossed(programme.database, asks("b", 2), also, after="INSERT INTO number_series")
    assert [each.number for each in (one, two, three)] == ["D-2026-001", "D-2026-002", "D-2026-003"]


def in_topics(programme):
    return programme.settings.model_copy(update={"support": SupportSettings(talk="topics")})


async def test_of_two_groups_that_are_linked_at_once_one_is_the_teams(programme):
    one, other = await coordinator_of(programme), await coordinator_of(programme, name="Denis")

    def links(actor, chat_id):
        return lambda session: link_team(
            session, programme.clock, in_topics(programme), actor, chat_id, has_topics=True
        )

    ends = await crossed(programme.database, links(one, GROUP), links(other, OTHER), after="INSERT INTO team_group")
    assert ends == [None, None]
    async with programme.database.read() as session:
        linked = (await session.exec(select(TeamGroup.chat_id).where(col(TeamGroup.unlinked_at).is_(None)))).all()
        assert linked == [OTHER] == [await linked_team(session)]


async def test_two_groups_of_one_council_linked_at_once_do_not_wait_for_each_other(programme):
    leads = [await programme.person(name, roles=((Role.LEAD, programme.nord),)) for name in ("Léa", "Luc")]
    (one, here), (other, there) = zip(leads, (GROUP, OTHER), strict=True)
    ends = await crossed(
        programme.database,
        lambda session: link_group(session, programme.clock, one, here, programme.nord, None),
        lambda session: link_group(session, programme.clock, other, there, programme.nord, None),
        after="INSERT INTO council_group",
    )
    assert ends == [None, None]


@pytest.mark.parametrize("first", ["sender", "coordinator"])
async def test_a_topic_is_made_while_the_group_is_taken_off(programme, rosa, claire, first):
    settings = in_topics(programme)
    async with programme.database.write() as session:
        await link_team(session, programme.clock, settings, claire, GROUP, has_topics=True)
        draft = SupportDraft(SupportKind.ROOM, (words(rosa),), programme.nord)
        request = await ask_support(session, programme.clock, settings, rosa, draft, "key")
    (notice,) = await told(programme, NoticeKind.SUPPORT_TOPIC)

    async def notes(session):
        await hold_request(session, notice)
        kept = await session.get(type(notice), notice.id)
        if kept is not None:
            kept.state = NoticeState.SENT
            await session.flush()
            await topic_made(session, programme.clock, notice, 41)

    async def unlinks(session):
        await unlink_team(session, programme.clock, claire, GROUP)

    both = (notes, unlinks) if first == "sender" else (unlinks, notes)
    ends = await crossed(programme.database, *both, after=HELD)
    assert ends == [None, None]
    assert (await again(programme, request)).topic_chat_id is None
