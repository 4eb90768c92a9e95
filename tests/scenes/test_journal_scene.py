"""The journal: the coordinator reads who did what, chooses among the lines, takes them along; nobody else does."""

import io

from openpyxl import load_workbook
from sqlmodel import select

from handlers.cards.journal import LATEST, JournalChoice, JournalChoicePress, JournalPress, JournalTablePress
from playground.messages import Message
from storage.audit import AuditLine
from storage.people import Role
from tests.scenes.manners import check_manners, check_speaks_arabic
from tests.scenes.meeting_steps import MONTHS, at, meeting_of, opens_managed
from tests.scenes.moderation_steps import in_queue, publishes, reports
from tests.scenes.stage import PARIS, Person, Stage


def day(stage: Stage, days: int) -> str:
    """ "12 mars", as it stands inside a sentence."""
    local = at(stage, days, 12).astimezone(PARIS)
    number = "1er" if local.day == 1 else str(local.day)
    this_year = local.year == stage.now().astimezone(PARIS).year
    return f"{number} {MONTHS[local.month - 1]}" + ("" if this_year else f" {local.year}")


async def opens_journal(person: Person) -> Message:
    await person.sends("/programme")
    await person.taps("Journal")
    return await person.sees("📖 Journal")


async def all_lines(person: Person) -> list[str]:
    """Of all pages, from the latest on; without their days and hours."""
    lines = []
    while True:
        shown = person.messages()[-1]
        lines += [each.replace("\u00a0", " ").partition(" : ")[2] for each in shown.text.splitlines()[1:]]
        if not any("Plus ancien" in each for each in person.buttons(shown)):
            return lines
        await person.taps("Plus ancien")


async def calls_off(lead: Person, title: str) -> None:
    await opens_managed(lead, title)
    await lead.taps("Annuler la réunion")
    await lead.sends("Il pleut trop")
    await lead.taps("Oui, elle n’aura pas lieu")
    await lead.stage.all_delivered()


async def moves(lead: Person, title: str, days: int) -> None:
    live = await opens_managed(lead, title)
    await lead.taps("Déplacer", on=live)
    await lead.sends(f"{at(lead.stage, days, 19).astimezone(PARIS):%d/%m} 19h")
    await lead.taps("Enregistrer")
    await lead.stage.all_delivered()


async def test_the_coordinator_reads_what_was_done_by_whom_and_to_what(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    fatou, rosa = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Rosa", "nord")
    await meeting_of(stage, fatou, title="Marché", starts_at=at(stage, 10, 18, 30))
    await moves(fatou, "Marché", 12)
    moved = day(stage, 12)
    await calls_off(fatou, "Marché")
    idea = await in_queue(rosa)
    await publishes(fatou, idea)
    await claire.sends("/equipe")
    await claire.taps("Qui est dans l’équipe")
    await claire.taps("Fatou")
    await claire.taps("Un autre conseil")
    await claire.taps("Quartier Sud")
    await claire.sends("/equipe")
    await claire.taps("Qui est dans l’équipe")
    await claire.taps("Fatou – référent ou référente – Quartier Sud")
    await claire.taps("Retirer ce rôle")
    await claire.taps("Oui, retirer")
    await rosa.sends("/menu")
    assert "Vous ne pouvez pas" in await rosa.forges("pg:0", on=rosa.messages()[-1])
    assert await rosa.forges("pg:nonsense", on=rosa.messages()[-1])

    first = await opens_journal(claire)
    assert len(first.text.splitlines()) == 6
    assert "Rosa a envoyé un faux bouton." in first.text.splitlines()[1]
    assert " à 10 h " in first.text.splitlines()[1].replace("\u00a0", " ")
    lines = await all_lines(claire)
    for told in (
        "Rosa a demandé ce qui n’est pas permis.",
        "Claire a retiré un rôle à Fatou : référent ou référente – Quartier Sud.",
        "Claire a donné un rôle à Fatou : référent ou référente – Quartier Sud.",
        f"Fatou a publié {idea.number}.",
        f"Rosa a envoyé {idea.number}.",
        f"Fatou a annulé la réunion du {moved}.",
        f"Fatou a déplacé la réunion du {moved}.",
        f"Fatou a créé la réunion du {moved}.",
        "Rosa suit Quartier Nord.",
        "Fatou a accepté une invitation : référent ou référente – Quartier Nord.",
        "Le serveur a mis à jour le programme.",
    ):
        assert lines.count(told) == 1, (told, lines)
    assert not any("banc" in each or "pleut" in each or "Marché" in each for each in lines), "nothing that was written"
    async with stage.database.read() as session:
        assert len(lines) == len((await session.exec(select(AuditLine))).all())

    # By the arrows to the latest again, where nobody's act moves a line.
    for _ in range((len(lines) - 1) // 5):
        await claire.taps("Plus récent")
    assert claire.messages()[-1].text == first.text
    assert not any("Plus récent" in each for each in claire.buttons())
    check_manners(stage)


async def test_lines_are_chosen_by_buttons_and_taken_along_as_a_table(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    fatou, rosa = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Rosa", "nord")
    tom = await stage.joined("Tom", "nord")
    await meeting_of(stage, fatou, title="Marché", starts_at=at(stage, 20, 18, 30))
    idea = await in_queue(rosa)
    await stage.advance(days=7)  # on the eighth day the week is another
    await publishes(fatou, idea)
    await reports(tom, idea)

    await opens_journal(claire)
    await claire.taps("Sujet")
    await claire.sees("Quel sujet ?")
    await claire.taps("Propositions")
    assert await all_lines(claire) == [
        f"Quelqu’un a signalé {idea.number}.",
        f"Fatou a publié {idea.number}.",
        f"Rosa a envoyé {idea.number}.",
    ]
    await claire.taps("Quand")
    await claire.taps("7 jours")
    await claire.sees("Journal : Propositions, 7 jours")
    assert await all_lines(claire) == [f"Quelqu’un a signalé {idea.number}.", f"Fatou a publié {idea.number}."]
    await claire.taps("Qui")
    assert "Rosa" not in claire.buttons(), "not of the team"
    await claire.taps("Fatou")
    await claire.sees("Journal : Propositions, Fatou, 7 jours")
    assert await all_lines(claire) == [f"Fatou a publié {idea.number}."]
    await claire.taps("Sujet")
    assert "✓ Propositions" in claire.buttons()
    await claire.taps("Retour")
    await claire.sees("Journal : Propositions, Fatou, 7 jours")
    await claire.taps("Sujet")
    await claire.taps("Refus")
    await claire.sees("Journal : Refus, Fatou, 7 jours", "Rien pour l’instant")
    assert not any("tableau" in each for each in claire.buttons())
    await claire.taps("Sujet")
    await claire.taps("Tous les sujets")
    await claire.taps("Quand")
    await claire.taps("Depuis le début")
    await claire.sees("Journal : Fatou", f"a publié {idea.number}")
    hers = await all_lines(claire)

    assert "instant" in await claire.taps("Recevoir en tableau")
    await stage.all_delivered()
    sent = next(each for each in reversed(claire.messages()) if "document" in each.body)
    assert sent.body["document"]["file_name"].endswith(".xlsx")
    stored = stage.playground.world.files.get(sent.body["document"]["file_id"])
    assert stored is not None
    rows = list(load_workbook(io.BytesIO(stored.data)).active.iter_rows(values_only=True))
    assert rows[0] == ("Quand", "Qui", "Ce qui a été fait", "Sur quoi", "Sujet")
    assert [row[2] for row in rows[1:]] == hers
    assert rows[1][1:] == ("Fatou", f"Fatou a publié {idea.number}.", idea.number, "Propositions")
    local = stage.now().astimezone(PARIS).replace(tzinfo=None)
    assert abs((rows[1][0] - local).total_seconds()) < 3600

    await opens_journal(claire)
    await claire.sees("Claire a demandé le journal en tableau")
    check_manners(stage)


async def test_only_who_coordinates_now_reads_it_and_an_old_button_shows_nothing(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    anne = await stage.joined("Anne", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    journal = await opens_journal(anne)
    everything = [
        each.pack()
        for each in (
            LATEST,
            JournalPress(None, None, LATEST.period, 50, None),
            JournalPress(None, None, LATEST.period, None, 1),
            *(JournalChoicePress(choice, None, None, LATEST.period, 0) for choice in JournalChoice),
            JournalTablePress(None, None, LATEST.period),
        )
    ]
    for other in (julien, fatou):
        await other.sends("/menu")
        menu = other.messages()[-1]
        for data in everything:
            assert "Vous ne pouvez pas" in await other.forges(data, on=menu), data
        assert not any("Journal" in each or "a accepté" in each for each in other.texts())

    # Asked for while she still coordinates, and not sent any more; then every old button.
    await anne.taps("Recevoir en tableau", on=journal)
    await claire.sends("/equipe")
    await claire.taps("Qui est dans l’équipe")
    await claire.taps("Anne")
    await claire.taps("Retirer ce rôle")
    await claire.taps("Oui, retirer")
    await anne.sees("Vous n’avez plus ce rôle")
    shown = journal.text
    for label in ("Plus ancien", "Sujet", "Qui", "Quand", "Recevoir en tableau"):
        assert "Vous ne pouvez pas" in await anne.taps(label, on=journal), label
    for data in everything:
        assert "Vous ne pouvez pas" in await anne.forges(data, on=journal), data
    assert journal.text == shown
    for data in ("jn:nonsense::all::", "jn::::::", f"jn::{2**60}:all::", "jnc:z:::all:0"):
        assert await claire.forges(data, on=claire.messages()[-1]), data
    await opens_journal(claire)
    await claire.taps("Sujet")
    await claire.taps("Refus")
    assert "Anne a demandé ce qui n’est pas permis." in claire.texts()[-1]
    check_manners(stage)


async def test_it_is_told_in_the_language_of_who_reads(stage: Stage):
    samira = await stage.joined("Samira", role=Role.COORDINATOR, language="ar")
    await stage.joined("Fatou", "nord", role=Role.LEAD)
    await samira.sends("/programme")
    await samira.taps("السجل")
    since = len(samira.messages()) - 1
    for label in ("الموضوع", "الاجتماعات", "متى", "منذ البداية", "من"):
        await samira.taps(label)
    check_speaks_arabic(samira, since)
    check_manners(stage)
