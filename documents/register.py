"""The public register of a council as files: CSV for a spreadsheet, JSON for a program. Both are in French.

The names of the JSON follow Popolo (motions of an organization) where it has some; the README documents them.
"""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from council.register import Register, RegisterEntry, RegisterStep
from documents.interpellation_words import KINDS
from locales.sentences import sentence
from locales.translator import Translator
from storage.interpellations import InterpellationAct, InterpellationState

SCHEMA = "porte-voix-register/1"
"""What the JSON says it is; a change that a reader must know of has another number."""
_BOM = "\ufeff"
# A cell that begins so is read as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")

_HEADINGS = (
    sentence("Numéro"),
    sentence("Genre"),
    sentence("Titre"),
    sentence("Thème"),
    sentence("À qui"),
    sentence("État"),
    sentence("Ce qui se passe"),
    sentence("Lieu"),
    sentence("Depuis quand"),
    sentence("Ce qui a été essayé"),
    sentence("Ce qui est demandé"),
    sentence("Signatures"),
    sentence("Position du conseil"),
    sentence("Avis différents"),
    sentence("Publiée le"),
    sentence("Adoptée le"),
    sentence("Envoyée le"),
    sentence("Bien reçue le"),
    sentence("Réponse attendue avant le (délai local)"),
    sentence("Réponse reçue le"),
    sentence("Terminée le"),
    sentence("Réponses"),
)

StateWords = Callable[[InterpellationState], str]
ThemeWords = Callable[[str], str]


def register_csv(register: Register, state_words: StateWords, theme_words: ThemeWords, say: Translator) -> bytes:
    """UTF-8 with a byte order mark and semicolons, as spreadsheets expect in French; no cell is a formula.

    `theme_words` names a theme by its code. Days are those of the translator's time zone, as 2026-03-12.
    """
    written = io.StringIO(newline="")
    sheet = csv.writer(written, delimiter=";", lineterminator="\r\n")
    sheet.writerow([say.plain(each) for each in _HEADINGS])
    for each in register.entries:
        sheet.writerow([_harmless(cell) for cell in _cells(each, state_words, theme_words, say)])
    return (_BOM + written.getvalue()).encode()


def register_json(register: Register, tz: tzinfo) -> bytes:
    """UTF-8, by the documented schema; days are those of `tz`, moments are UTC."""
    written = {
        "schema": SCHEMA,
        "generated_at": register.as_of.isoformat(),
        "organization": {
            "id": register.code,
            "name": register.council,
            "classification": "conseil citoyen",
        },
        "motions": [_motion(each, tz) for each in register.entries],
    }
    return json.dumps(written, ensure_ascii=False, indent=2).encode()


def _cells(each: RegisterEntry, state_words: StateWords, theme_words: ThemeWords, say: Translator) -> tuple[str, ...]:
    tz = say.timezone
    return (
        each.number,
        say.plain(KINDS[each.kind]),
        each.title,
        theme_words(each.theme) if each.theme else "",
        each.partner,
        state_words(each.state),
        each.facts,
        each.place,
        each.since,
        each.tried,
        each.asked,
        str(each.signatures),
        each.majority_position,
        "\n".join(each.dissenting_views),
        _day(_opened_at(each), tz) or "",
        _day(each.adopted_at, tz) or "",
        _day(each.sent_at, tz) or "",
        _day(each.acknowledged_at, tz) or "",
        _day(each.due_at, tz) or "",
        _day(each.answered_at, tz) or "",
        _day(each.closed_at, tz) or "",
        "\n".join(f"{answer.answered_on.isoformat()} : {answer.words}" for answer in each.answers),
    )


def _motion(each: RegisterEntry, tz: tzinfo) -> dict[str, Any]:
    return {
        "identifier": each.number,
        "classification": each.kind.value,
        "name": each.title,
        "subject": each.theme or None,
        "addressee": {"name": each.partner},
        "text": {
            "facts": each.facts,
            "place": each.place,
            "since": each.since,
            "tried": each.tried,
            "request": each.asked,
        },
        "signatures_count": each.signatures,
        "majority_position": each.majority_position or None,
        "dissenting_views": list(each.dissenting_views),
        "status": each.state.value,
        "opened_on": _day(_opened_at(each), tz),
        "adopted_on": _day(each.adopted_at, tz),
        "sent_on": _day(each.sent_at, tz),
        "acknowledged_on": _day(each.acknowledged_at, tz),
        "due_on": _day(each.due_at, tz),
        "answered_on": _day(each.answered_at, tz),
        "closed_on": _day(each.closed_at, tz),
        "answers": [
            {"round": said.round, "date": said.answered_on.isoformat(), "text": said.words} for said in each.answers
        ],
        "events": [
            {"classification": step.act.value, "date": _step_day(step, tz), "description": step.words or None}
            for step in each.steps
        ],
    }


def _opened_at(each: RegisterEntry) -> datetime | None:
    return next((step.at for step in each.steps if step.act is InterpellationAct.OPENED), None)


def _step_day(step: RegisterStep, tz: tzinfo) -> str:
    return (step.on or step.at.astimezone(tz).date()).isoformat()


def _day(moment: datetime | None, tz: tzinfo) -> str | None:
    return moment.astimezone(tz).date().isoformat() if moment is not None else None


def _harmless(cell: str) -> str:
    """An apostrophe makes words of what would be a formula."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
