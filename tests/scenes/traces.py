"""What the database still holds of somebody: looked for in every column of every table."""

import json

from sqlmodel import select

from storage.tables import TABLES
from tests.scenes.stage import Person, Stage


async def traces_of(stage: Stage, person: Person, *words: str) -> list[str]:
    """Rows in which the person's number, first name or `words` stand, as "table: row"."""
    wanted = (str(person.id), person.phone.first_name, *words)
    found = []
    async with stage.database.read() as session:
        for table in TABLES:
            for row in (await session.exec(select(table))).all():
                shown = json.dumps(row.model_dump(mode="json"), ensure_ascii=False)
                if any(each in shown for each in wanted):
                    found.append(f"{table.__tablename__}: {shown}")
    return found
