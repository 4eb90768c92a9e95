"""What scenes about letters have in common: a letter that was sent, as rows, and a partner with a browser."""

import hashlib
import io
import re
from dataclasses import dataclass
from typing import Any

import aiohttp
from sqlmodel import col, select

from council.interpellation_delays import delay_values
from council.partner_links import make_link
from storage.interpellations import (
    AnswerFile,
    Interpellation,
    InterpellationAnswer,
    InterpellationEvent,
    InterpellationKind,
    InterpellationLetter,
    InterpellationSignature,
    InterpellationState,
    LetterState,
    LetterWay,
    PartnerLink,
)
from tests.inbound.programs import free_port
from tests.scenes.interpellation_steps import StageClock
from tests.scenes.stage import Person, Stage

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(200) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d49484452000000010000000108060000001f15c489") + bytes(40)
LIFT = "L’ascenseur du bâtiment C est en panne."


@dataclass
class Answered:
    """What the browser got: status, headers and page; `url` is where it ended."""

    status: int
    headers: Any
    text: str
    url: str

    def says(self, *parts: str) -> None:
        words = re.sub(r"<style>.*?</style>|<[^>]+>", " ", self.text, flags=re.DOTALL)
        shown = " ".join(words.split())
        for part in parts:
            assert " ".join(part.split()) in shown, (part, shown)


class Partner:
    """Somebody in an institution, with a browser and a link."""

    def __init__(self, address: str, token: str, **headers: str) -> None:
        self.url = f"{address}/r/{token}"
        self.token = token
        self.headers = {"Sec-Fetch-Site": "same-origin", "Origin": "null", **headers}

    async def opens(self, path: str = "", **options: Any) -> Answered:
        return await self._ask("GET", self.url + path, **options)

    async def posts(self, *, files: tuple[tuple[str, bytes], ...] = (), **fields: str) -> Answered:
        form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)  # as browsers do
        for name, value in fields.items():
            form.add_field(name, value)
        for name, content in files:
            form.add_field("fichiers", io.BytesIO(content), filename=name, content_type="application/octet-stream")
        return await self._ask("POST", self.url, data=form)

    async def acknowledges(self) -> Answered:
        return await self.posts(geste="accuser")

    async def answers(
        self, words: str = "Nous réparons lundi.", *files: tuple[str, bytes], signed: str = "Mairie"
    ) -> Answered:
        return await self.posts(geste="repondre", signature=signed, reponse=words, files=files)

    async def passes_on(
        self, name: str = "Service technique", address: str = "technique@ville.example", key: str = "k1"
    ) -> Answered:
        return await self.posts(geste="transmettre", cle=key, nom=name, adresse=address)

    async def _ask(self, method: str, url: str, **options: Any) -> Answered:
        headers = {**self.headers, **options.pop("headers", {})}
        async with aiohttp.ClientSession() as http, http.request(method, url, headers=headers, **options) as got:
            body = await got.read()
            return Answered(got.status, got.headers, body.decode("utf-8", "replace"), str(got.url))


async def with_pages(stage: Stage) -> str:
    """The bot where partners find it; its address."""
    await stage.stop_bot()
    listen = f"127.0.0.1:{free_port()}"
    await stage.start_bot(listen=listen, public_url=f"http://{listen}")
    return f"http://{listen}"


async def sent_letter(
    stage: Stage,
    author: Person,
    *signers: Person,
    kind: InterpellationKind = InterpellationKind.INTERPELLATION,
    number: str = "I-2026-001",
    title: str = "Ascenseur en panne",
) -> tuple[int, str]:
    """An interpellation of the northern council whose letter has reached the town hall: its id, and a token."""
    now = stage.now()
    async with stage.database.write() as session:
        case = Interpellation(
            number=number,
            kind=kind,
            state=InterpellationState.SENT,
            council_id=stage.councils["nord"],
            author_id=(await stage.actor(author)).person_id,
            partner_code="mairie",
            partner_name="La mairie",
            title=title,
            facts=LIFT,
            asked="Quand sera-t-il réparé ?",
            created_at=now,
            changed_at=now,
            request_key=f"test:{number}",
            **delay_values(stage.settings, kind, now),
        )
        session.add(case)
        await session.flush()
        for each in signers:
            person_id = (await stage.actor(each)).person_id
            session.add(InterpellationSignature(interpellation_id=case.id, person_id=person_id, signed_at=now))
        letter = InterpellationLetter(
            interpellation_id=case.id,
            round=1,
            way=LetterWay.MAIL,
            state=LetterState.SENT,
            address="mairie@ville.example",
            pdf=PDF,
            sha256=hashlib.sha256(PDF).hexdigest(),
            created_at=now,
            sent_at=now,
        )
        session.add(letter)
        await session.flush()
        token = await make_link(session, StageClock(stage), stage.settings, letter, "La mairie")
        return case.id, token


async def case_of(stage: Stage, case_id: int) -> Interpellation:
    async with stage.database.read() as session:
        return await session.get_one(Interpellation, case_id)


async def answers(stage: Stage, case_id: int) -> list[InterpellationAnswer]:
    async with stage.database.read() as session:
        query = select(InterpellationAnswer).where(col(InterpellationAnswer.interpellation_id) == case_id)
        return list((await session.exec(query.order_by(col(InterpellationAnswer.id)))).all())


async def files(stage: Stage) -> list[AnswerFile]:
    async with stage.database.read() as session:
        return list((await session.exec(select(AnswerFile).order_by(col(AnswerFile.id)))).all())


async def events(stage: Stage, case_id: int) -> list[InterpellationEvent]:
    async with stage.database.read() as session:
        query = select(InterpellationEvent).where(col(InterpellationEvent.interpellation_id) == case_id)
        return list((await session.exec(query.order_by(col(InterpellationEvent.id)))).all())


async def links(stage: Stage) -> list[PartnerLink]:
    async with stage.database.read() as session:
        return list((await session.exec(select(PartnerLink).order_by(col(PartnerLink.id)))).all())
