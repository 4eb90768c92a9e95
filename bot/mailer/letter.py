"""A mail as it goes over the wire, made by the standard library: encodings and headers are its work."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from storage.mails import Mail, MailAttachment

# Everything in seven bits: no server on the way needs to know 8BITMIME.
_POLICY = SMTP.clone(cte_type="7bit")


def letter_of(mail: Mail, attachments: Sequence[MailAttachment], sender: Address, now: datetime) -> bytes:
    """The whole message. `now` is its Date. Raises ValueError for what no header may hold."""
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = sender
    letter["To"] = Address(addr_spec=mail.address)
    letter["Subject"] = mail.subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{mail.message_header}@{sender.domain}>"
    for name, value in mail.headers.items():
        letter[name] = value
    letter.set_content(mail.body)
    for each in attachments:
        main, _, sub = each.media_type.partition("/")
        letter.add_attachment(each.content, maintype=main, subtype=sub, filename=each.file_name)
    return letter.as_bytes()
