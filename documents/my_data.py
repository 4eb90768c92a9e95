"""All that is held on a person, as a page to read on a phone and as JSON for another program.

Takes what council.privacy.export_person gives. The page names things; numbers of rows and what only machines read stand
in the JSON, which leaves nothing out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel import Locale
from markupsafe import Markup

from council.journal import JournalLine, Somebody, kind_of
from documents.journal_words import act_words
from documents.my_data_words import FIELDS, MACHINE_READ, OF_TABLE, SECTIONS
from locales.translator import Translator
from storage.people import Role

Row = Mapping[str, Any]
_NAMES_OF = {
    "council_id": "councils",
    "proposal_id": "proposals",
    "interpellation_id": "interpellations",
    "theme": "themes",
}
"""Columns that point to something, and where its name stands in the export."""
_LISTED = {"council": "councils", "proposal": "proposals", "interpellation": "interpellations"}
"""What an act was done to, and where its name stands in the export, if it does."""
_DAYS = ("starts_on", "ends_on")

_PAGE = Markup("""<!DOCTYPE html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1.05rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 1rem; color: #1b1b1b;
  background: #fff; }}
h1 {{ font-size: 1.5rem; }}
h2 {{ font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 2px solid #2b5fa4; }}
dl {{ margin: 0 0 .75rem; padding: .5rem .75rem; background: #f2f5f9; border-radius: .5rem; overflow-wrap: anywhere; }}
dt {{ color: #4a4a4a; font-size: .9rem; }}
dd {{ margin: 0 0 .35rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{made}</p>
<p>{other}</p>
{sections}
</body>
</html>
""")


@dataclass(frozen=True)
class MyData:
    """Two files in UTF-8: `page` is HTML that needs nothing else, `data` is JSON."""

    page: bytes
    data: bytes


def my_data(export: Mapping[str, Any], say: Translator, now: datetime, themes: Mapping[str, str]) -> MyData:
    """`now` is aware: when the files were made. `themes` are the names of the programme's themes by their codes."""
    page = _PAGE.format(
        language=say.language,
        direction="rtl" if say.is_rtl else "ltr",
        title=say("Mes données"),
        made=say("Voici tout ce que je garde sur vous le {moment}.", moment=say.moment(now)),
        other=say("Le second fichier contient tout, pour un ordinateur."),
        sections=Markup("\n").join(_sections({**export, "themes": themes}, say)),
    )
    data = {"made_at": now.isoformat(), **export}
    return MyData(page.encode(), json.dumps(data, ensure_ascii=False, indent=2).encode())


def _sections(export: Mapping[str, Any], say: Translator) -> list[Markup]:
    sections = []
    for tie, heading in SECTIONS.items():
        rows = export["held"].get(tie, [])
        if rows:
            table = tie.partition(".")[0]
            lists = Markup("\n").join(_row(table, row, export, say) for row in rows)
            sections.append(Markup("<h2>{}</h2>\n{}").format(say(heading), lists))
    return sections


def _row(table: str, row: Row, export: Mapping[str, Any], say: Translator) -> Markup:
    shown = [
        Markup("<dt>{}</dt><dd>{}</dd>").format(say(label), _value(table, name, row, export, say))
        for name, label in FIELDS.items()
        if row.get(name) not in (None, "", {})
    ]
    return Markup("<dl>{}</dl>").format(Markup().join(shown))


def _value(table: str, name: str, row: Row, export: Mapping[str, Any], say: Translator) -> Markup:
    value = row[name]
    if name in _NAMES_OF:
        return _apart(export[_NAMES_OF[name]].get(str(value), value))
    if name == "meeting_id":
        return _meeting(export["meetings"].get(str(value)), value, say)
    if name == "language":
        return _apart(Locale.parse(value).get_display_name())
    if isinstance(value, bool):
        return say("oui") if value else say("non")
    moment = _moment(name, value)
    if moment is not None:
        return _apart(say.moment(moment))
    if name in _DAYS:
        return _apart(say.date(date.fromisoformat(value)))
    if name == "parts":
        return _apart(Markup("\n").join(Markup(each) for each in value).striptags())
    if (table, name) in MACHINE_READ:
        return say("C’est dans le second fichier.")
    if (table, name) == ("audit_line", "act"):
        return _act(row, export, say)
    words = OF_TABLE.get((table, name), {})
    return say(words[value]) if value in words else _apart(value)


def _act(row: Row, export: Mapping[str, Any], say: Translator) -> Markup:
    """A line of the journal as the coordinator reads it, but for the day, which stands beside it."""
    number, subject, details = row["subject_id"], row["subject"], row.get("details") or {}
    (me,) = export["held"]["person.id"]
    meeting = export["meetings"].get(str(number)) if subject == "meeting" else None
    line = JournalLine(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        act=row["act"],
        kind=kind_of(row["act"]),
        subject=subject,
        who=Somebody(me["id"], me["first_name"]),
        name=export[_LISTED[subject]].get(str(number), "") if subject in _LISTED else "",
        meeting_at=datetime.fromisoformat(meeting["starts_at"]) if meeting else None,
        role=Role(details["role"]) if details.get("role") else None,
        council=export["councils"].get(str(details.get("council_id"))),
    )
    return act_words(say, line)


def _moment(name: str, value: Any) -> datetime | None:
    """None: no moment. « since » is one for who follows something, and words of people in an interpellation."""
    if name != "at" and not name.endswith(("_at", "since")):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None


def _meeting(meeting: Mapping[str, str] | None, number: Any, say: Translator) -> Markup:
    if meeting is None:
        return _apart(number)
    starts_at = say.moment(datetime.fromisoformat(meeting["starts_at"]))
    return say("{title}, {moment}", title=meeting["title"], moment=starts_at)


def _apart(value: Any) -> Markup:
    """Names, numbers and words of the code keep their own direction in a right-to-left page."""
    return Markup("<bdi>{}</bdi>").format(value)
