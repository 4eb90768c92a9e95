"""The playground's mail server: what is sent to it lies in the mailbox, and can be opened."""

import smtplib
from asyncio import to_thread
from email.message import EmailMessage

import aiohttp

from playground.server import Playground


async def test_a_mail_sent_by_smtp_lies_in_the_mailbox() -> None:
    letter = EmailMessage()
    letter["From"] = "Porte-voix <porte-voix@ville.example>"
    letter["To"] = "prefet@etat.example"
    letter["Subject"] = "Une demande, orientée"
    letter.set_content("Bonjour,\nc’est l’été.\n")
    letter.add_attachment(b"%PDF-1.7\x00", maintype="application", subtype="pdf", filename="Décision.pdf")
    async with Playground(mail=True) as playground, aiohttp.ClientSession() as http:
        assert playground.mail_url is not None
        port = int(playground.mail_url.rpartition(":")[2])

        def send() -> None:
            with smtplib.SMTP("127.0.0.1", port) as server:
                server.send_message(letter)

        await to_thread(send)
        (mail,) = playground.world.mailbox.mails
        assert (mail.recipient, mail.subject) == ("prefet@etat.example", "Une demande, orientée")
        assert mail.text.splitlines() == ["Bonjour,", "c’est l’été."]
        assert mail.at <= playground.world.clock.now()
        async with http.get(f"{playground.url}/playground/mails/1/attachments/0") as response:
            assert await response.read() == b"%PDF-1.7\x00"


async def test_a_talk_that_stays_open_does_not_hold_back_the_end() -> None:
    async with Playground(mail=True) as playground:
        assert playground.mail_url is not None
        port = int(playground.mail_url.rpartition(":")[2])
        client = await to_thread(smtplib.SMTP, "127.0.0.1", port)
    client.close()
