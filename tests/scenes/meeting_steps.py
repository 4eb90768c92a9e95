"""What the scenes of meetings share: the form filled in, a meeting that stands, dates as people read."""

from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar
from sqlmodel import col, select

from council.actors import load_actor
from council.clock import Clock
from council.meeting_plans import MeetingPlan
from council.meetings import create_meeting
from playground.messages import Message
from storage.meetings import Meeting, MeetingKind
from storage.outbox import Notice
from tests.scenes.stage import PARIS, Person, Stage

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def in_french(day: date) -> str:
    """ "mardi 1er décembre 2026", worked out without the library that the bot uses."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def hour(moment: datetime) -> str:
    local = moment.astimezone(PARIS)
    return f"{local.hour} h {local.minute:02}" if local.minute else f"{local.hour} h"


def at(stage: Stage, days: int, hours: int, minutes: int = 0) -> datetime:
    """That time of the clock in Paris, so many days from today."""
    day = stage.now().astimezone(PARIS).date() + timedelta(days=days)
    return datetime.combine(day, time(hours, minutes), PARIS).astimezone(UTC)


def on(day: date, hours: int, minutes: int = 0, *, fold: int = 0) -> datetime:
    return datetime.combine(day, time(hours, minutes), PARIS).replace(fold=fold).astimezone(UTC)


def next_change(stage: Stage, month: int, ahead: int = 12) -> date:
    """The last Sunday of March or October, at least `ahead` days from now: when the clocks change in Europe."""
    earliest = stage.now().astimezone(PARIS).date() + timedelta(days=ahead)
    for year in (earliest.year, earliest.year + 1):
        last = date(year, month, 31)
        sunday = last - timedelta(days=(last.weekday() + 1) % 7)
        if sunday >= earliest:
            return sunday
    raise AssertionError(month)


QUESTIONS = (
    ("kind", "Quel genre", "tap", "Réunion plénière"),
    ("title", "Quel est le titre", "tap", "Assemblée des habitants"),
    ("start", "Quel jour", "say", ""),
    ("length", "combien de temps", "tap", "2 heures"),
    ("place", "Où", "say", "Salle des fêtes"),
    ("agenda", "De quoi", "tap", "Pas d’ordre du jour"),
    ("capacity", "Combien de personnes", "tap", "Autant que l’on veut"),
    ("media", "image ou un document", "tap", "Pas de fichier"),
    ("announce", "Quand faut-il annoncer", "tap", "Tout de suite"),
)


async def fills_in(lead: Person, when: str, *, until: str = "preview", begin: bool = True, **said: str) -> None:
    """The form up to a step; `said` replaces an answer by typed words, "tap:…" by another button."""
    if begin:
        await lead.sends("/reunion")
    for step, _, way, usual in QUESTIONS:
        if step == until:
            return
        words = said.get(step) or (when if step == "start" else usual)
        if words.startswith("tap:"):
            await lead.taps(words[4:])
        elif way == "tap" and step not in said:
            await lead.taps(words)
        else:
            await lead.sends(words)


class StageClock:
    """The playground's time, for use cases that a scene calls itself."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def now(self) -> datetime:
        return self._stage.now()


async def meeting_of(stage: Stage, lead: Person, *councils: str, key: str = "", deliver: bool = True, **changes) -> int:
    """A meeting that was announced before the scene goes on, by the use case that the form ends with; its id."""
    clock: Clock = StageClock(stage)
    plan = {
        "kind": MeetingKind.PLENARY,
        "title": "Plénière",
        "starts_at": at(stage, 10, 18, 30),
        "minutes": 90,
        "place": "Salle des fêtes",
        **changes,
    }
    async with stage.database.write() as session:
        actor = await load_actor(session, lead.id)
        assert actor is not None
        ids = frozenset(stage.councils[each] for each in councils or ("nord",))
        key = key or f"scene:{plan['title']}"
        meeting = await create_meeting(session, clock, stage.settings, actor, ids, MeetingPlan(**plan), key)
        made = meeting.id
    if deliver:
        await stage.all_delivered()
    return made


async def meetings(stage: Stage) -> list[Meeting]:
    async with stage.database.read() as session:
        return list((await session.exec(select(Meeting).order_by(col(Meeting.id)))).all())


async def notices(stage: Stage, kind: str) -> list[Notice]:
    async with stage.database.read() as session:
        return list((await session.exec(select(Notice).where(col(Notice.kind) == kind).order_by(col(Notice.id)))).all())


async def opens_managed(lead: Person, title: str) -> Message:
    """The live card, by the way that a lead takes."""
    await lead.sends("/menu")
    await lead.taps("Réunions que je gère")
    await lead.taps(title)
    return await lead.sees(title, "inscrit")


async def calls_off(lead: Person, title: str) -> None:
    """By the taps of a lead; everybody has been told."""
    live = await opens_managed(lead, title)
    await lead.taps("Annuler la réunion", on=live)
    await lead.taps("Le lieu n’est plus libre")
    await lead.taps("Oui, elle n’aura pas lieu")
    await lead.stage.all_delivered()


def count(person: Person, *parts: str) -> int:
    """How many messages of the chat hold every part."""
    plain = [" ".join(each.replace("\u2068", "").replace("\u2069", "").split()).casefold() for each in person.texts()]
    wanted = [" ".join(part.split()).casefold() for part in parts]
    return sum(all(part in each for part in wanted) for each in plain)


def diary(person: Person, message: Message) -> tuple[Calendar, dict]:
    """The calendar file on a message, as a diary reads it: the calendar, and its event."""
    file_id = message.body["document"]["file_id"]
    stored = person.stage.playground.world.files.get(file_id)
    assert stored is not None
    calendar = Calendar.from_ical(stored.data)
    (event,) = calendar.walk("VEVENT")
    return calendar, event
