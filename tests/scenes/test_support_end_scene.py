"""The end of a request: solved, in part, not at all, unanswered; and what happens when people write again."""

from council.support_end import follow_up_due
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.support import ContentKind, SupportSide, SupportState, Verdict
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage
from tests.scenes.support_steps import FRIDAY, MONDAY, asks, carries_out, requests, words_of
from tests.scenes.talk_steps import replies
from tests.scenes.team_steps import rules

WEDNESDAY, SATURDAY, SUNDAY = 2, 5, 6


async def cast(stage: Stage) -> tuple[Person, Person, Person]:
    return (
        await stage.joined("Rosa", "nord"),
        await stage.joined("Julien", "nord", role=Role.ANIMATOR),
        await stage.joined("Claire", role=Role.COORDINATOR),
    )


async def test_yes_a_face_and_a_word_by_voice_close_it(stage: Stage):
    rosa, julien, _ = await cast(stage)
    request = await asks(rosa)
    await carries_out(stage, julien, request, "La salle <b>12</b> & le café sont réservés.")
    asked = await rosa.sees("Julien a écrit", "La salle <b>12</b> & le café", "Est-ce résolu")
    await rosa.taps("Oui", on=asked)
    await rosa.sees("Comment ça s’est passé")
    await rosa.taps("🙂 Bien")
    await rosa.sees("Voulez-vous ajouter un mot")
    await rosa.sends(attachment=Attachment("voice", file=sample("voice")))
    await rosa.sees("L’équipe lira votre mot")
    await stage.all_delivered()
    assert any("voice" in each.body for each in julien.messages())
    (kept,) = await requests(stage)
    assert (kept.state, kept.verdict, kept.face) == (SupportState.CLOSED, Verdict.SOLVED, 4)
    last = (await words_of(stage, kept))[-1]
    assert (last.side, last.kind) == (SupportSide.REQUESTER, ContentKind.VOICE)

    # The old buttons say what is true now, and change nothing.
    assert "a changé" in await rosa.forges(f"sqv:{kept.id}:1:no", on=asked)
    assert "a changé" in await rosa.forges(f"sqf:{kept.id}:1:1", on=asked)
    (again,) = await requests(stage)
    assert (again.state, again.face) == (SupportState.CLOSED, 4)
    await rosa.sends("/menu")
    await rosa.taps("Mes demandes")
    await rosa.taps(kept.number)
    await rosa.sees("terminée", "le café")
    check_manners(stage, words_of_people=("<b>12</b> &",))


async def test_partly_closes_it_and_the_coordinator_hears_of_it(stage: Stage):
    rosa, julien, claire = await cast(stage)
    request = await asks(rosa)
    await carries_out(stage, julien, request, "Une petite salle.")
    await rosa.taps("En partie")
    await rosa.taps("Moyen")
    await rosa.taps("Non merci")
    await rosa.sees("à bientôt")
    await stage.all_delivered()
    await claire.sees("Rosa dit : résolu en partie")
    assert (await requests(stage))[0].state is SupportState.CLOSED
    check_manners(stage)


async def test_no_reopens_it_with_a_fresh_promise_and_what_is_missing(stage: Stage):
    rosa, julien, claire = await cast(stage)
    request = await asks(rosa)
    await carries_out(stage, julien, request, "Fait.")
    asked = await rosa.sees("Est-ce résolu")
    await rosa.taps("Non", on=asked)
    await rosa.sees("est rouverte", "Julien vous répondra avant")
    await stage.all_delivered()
    for each in (julien, claire):
        await each.sees("Rosa dit : ce n’est pas résolu")
    await rosa.taps("Ajouter")
    await rosa.sends("Il manque des chaises")
    await rosa.taps("C’est tout")
    await rosa.sees("C’est ajouté")
    await stage.all_delivered()
    await julien.sees("Il manque des chaises")
    (kept,) = await requests(stage)
    assert (kept.state, kept.rounds) == (SupportState.ASSIGNED, 2)
    assert kept.promised_at > request.promised_at or kept.asked_at > request.asked_at
    await carries_out(stage, julien, kept, "Avec vingt chaises.")
    await rosa.sees("Avec vingt chaises", "Est-ce résolu")
    assert "a changé" in await rosa.forges(f"sqv:{kept.id}:1:solved", on=asked)
    await rosa.taps("Oui")
    await rosa.taps("😀 Très bien")
    assert (await requests(stage))[0].state is SupportState.CLOSED
    check_manners(stage)


async def test_silence_is_asked_about_once_more_then_closed_and_said(stage: Stage):
    rosa, julien, _ = await cast(stage)
    request = await asks(rosa)
    await carries_out(stage, julien, request, "Fait.")
    await rosa.sees("Est-ce résolu")
    await stage.advance(days=7)
    await rosa.sees("encore une fois", "Est-ce résolu")
    await stage.advance(minutes=5)
    assert sum("encore une fois" in each for each in rosa.texts()) == 1
    await stage.advance(days=7)
    await rosa.sees("Vous n’avez pas répondu")
    (kept,) = await requests(stage)
    assert (kept.state, kept.verdict) == (SupportState.CLOSED, None)
    said = len(rosa.messages())
    await stage.advance(days=7)
    assert stage.app is not None
    assert stage.app.context is not None
    await follow_up_due(stage.database, stage.app.context.clock, stage.settings)
    assert len(rosa.messages()) == said
    # « Ce n’est pas résolu » within a fortnight opens it again.
    await rosa.taps("Ce n’est pas résolu")
    await rosa.sends("La porte est fermée")
    await rosa.taps("C’est tout")
    await rosa.sees("est rouverte")
    assert (await requests(stage))[0].rounds == 2
    check_manners(stage)


async def test_a_weekend_is_no_silence_and_who_has_answered_is_not_asked_again(stage: Stage):
    rosa, julien, _ = await cast(stage)
    samir = await stage.joined("Samir", "nord")
    for each in (rosa, samir):
        await asks(each)
    await stage.go_to_next(WEDNESDAY, 10)
    for request in await requests(stage):
        await carries_out(stage, julien, request, "Fait.")
    await samir.taps("Oui")
    await samir.taps("🙂 Bien")
    await samir.taps("Non merci")
    for weekday, hour in ((FRIDAY, 18), (SATURDAY, 12), (SUNDAY, 12), (MONDAY, 9)):
        await stage.go_to_next(weekday, hour)
        await rosa.never_sees("encore une fois")
    await stage.go_to_next(MONDAY, 11)
    await rosa.sees("encore une fois", "Est-ce résolu")
    await stage.go_to_next(WEDNESDAY, 18)
    await rosa.never_sees("Vous n’avez pas répondu")
    await stage.advance(days=9)
    await rosa.sees("Vous n’avez pas répondu")
    await samir.never_sees("encore une fois")
    assert [each.verdict for each in await requests(stage)] == [None, Verdict.SOLVED]
    check_manners(stage)


async def test_who_erases_the_account_in_mid_talk_is_nobody_to_the_team_from_then_on(stage: Stage):
    rosa, julien, claire = await cast(stage)
    samir = await stage.joined("Samir", "nord")
    request, other = await asks(rosa, "Le secret de Rosa"), await asks(samir, "Une affiche")
    await stage.all_delivered()
    told = await julien.sees(f"Nouvelle demande {request.number}")
    await replies(julien, told, "Bonjour, pour quand ?")
    await rosa.sees("Bonjour, pour quand ?")
    await rosa.sends("/supprimer")
    await rosa.taps("effacer")
    await stage.all_delivered()
    await julien.sees(request.number, "La personne a effacé son compte", "Sa demande est retirée")
    for each in (julien, claire):
        await each.sends(request.number)
        card = await each.sees(f"Demande {request.number}", "Elle est retirée")
        await each.taps("Tout revoir", on=card)
        assert "Rosa" not in card.text
        assert "secret" not in card.text
        assert "un habitant : un message" in card.text
    await replies(julien, told, "Vous êtes là ?")
    await rosa.never_sees("Vous êtes là ?")
    await julien.sends(other.number)
    await julien.sees(f"Demande {other.number}", "De : Samir")
    check_manners(stage)


async def test_solved_and_written_again_within_a_fortnight_is_not_said_to_be_unsolved(stage: Stage):
    rosa, julien, _ = await cast(stage)
    request = await asks(rosa)
    await carries_out(stage, julien, request, "Fait.")
    await rosa.taps("Oui")
    await rosa.taps("🙂 Bien")
    await rosa.taps("Non merci")
    await stage.advance(days=2)
    await rosa.sends("Une question encore")
    await rosa.taps(f"C’est pour ma demande {request.number}")
    await rosa.sees("est rouverte")
    await stage.all_delivered()
    await julien.sees("Rosa a écrit de nouveau", "rouverte")
    await julien.never_sees("ce n’est pas résolu")
    check_manners(stage)


async def test_where_the_programme_says_three_days_the_fourth_begins_another_request(stage: Stage):
    rosa, julien, _ = await cast(stage)
    samir = await stage.joined("Samir", "nord")
    await rules(stage, reopen_days=3)
    for each in (rosa, samir):
        request = await asks(each)
        await carries_out(stage, julien, request, "Fait.")
        await each.taps("Oui")
        await each.taps("🙂 Bien")
        await each.taps("Non merci")
    for each, days, said in ((rosa, 2, "est rouverte"), (samir, 2, "J’en ai ouvert une nouvelle")):
        await stage.advance(days=days)
        await each.sends("/menu")
        await each.taps("Mes demandes")
        await each.taps("D-")
        await each.taps("Ajouter")
        await each.sends("La porte est fermée")
        await each.taps("C’est tout")
        await each.sees(said)
    mine, his, new = await requests(stage)
    assert (mine.rounds, his.rounds, new.linked_to_id) == (2, 1, his.id)
    check_manners(stage)


async def test_after_a_fortnight_words_begin_another_request_linked_to_the_old(stage: Stage):
    rosa, julien, _ = await cast(stage)
    request = await asks(rosa)
    await carries_out(stage, julien, request, "Fait.")
    await rosa.taps("Oui")
    await rosa.taps("Bien")
    await rosa.taps("Non merci")
    await stage.advance(days=15)
    await rosa.sends("Bonjour, il y a du nouveau")
    await rosa.sees("Que voulez-vous en faire")
    assert not any("C’est pour ma demande" in each for each in rosa.buttons())
    await rosa.taps("Rien")
    await rosa.taps("Mes demandes")
    await rosa.taps(request.number)
    await rosa.taps("Ajouter")
    await rosa.sends("Il y a du nouveau")
    await rosa.taps("C’est tout")
    await rosa.sees("J’en ai ouvert une nouvelle")
    old, new = await requests(stage)
    assert (old.state, new.linked_to_id, new.kind) == (SupportState.CLOSED, old.id, old.kind)
    check_manners(stage)


async def test_who_has_blocked_the_bot_is_not_asked_and_who_erases_the_account_ends_it(stage: Stage):
    rosa, julien, _ = await cast(stage)
    awa = await stage.joined("Awa", "nord")
    mine, hers = await asks(rosa), await asks(awa, "Le mot d’Awa")
    rosa.phone.blocks()
    await stage.all_delivered()
    await carries_out(stage, julien, mine, "Fait.")
    await awa.sends("/supprimer")
    await awa.taps("effacer")
    await stage.all_delivered()
    await julien.sees("a effacé son compte")
    first, second = await requests(stage)
    assert (first.state, second.state) == (SupportState.CLOSED, SupportState.WITHDRAWN)
    assert [each.parts for each in await words_of(stage, second)] == [[]]
    assert hers.id == second.id
