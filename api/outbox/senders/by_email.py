"""By e-mail: given to a mail server over TLS, as plain text, with what goes into a diary, or out of it, as files beside it."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from api.outbox.calendars import calendars_of
from api.outbox.letter import Letter
from api.outbox.senders.sending import LaterError, NoAddressError, RefusedError, UnreachableError, within
from api.settings import Settings

NOBODY_THERE = (550, 551, 553)
"""What mail servers answer where there is no such mailbox."""
PERMANENT = 500


def email_of(address: str, letter: Letter, sent_from: str) -> EmailMessage:
    """The e-mail: the same bytes whenever it is made. Its ``Message-ID`` is that of the message, by which a bounce names it."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sent_from, address, letter.subject
    made["Date"] = format_datetime(letter.at)
    made["Message-ID"] = f"<{letter.message_id}@{sent_from.rpartition('@')[2]}>"
    made["Auto-Submitted"], made["X-Auto-Response-Suppress"] = "auto-generated", "All"
    made.set_content(letter.text, cte="quoted-printable")
    for number, each in enumerate(calendars_of(letter, sent_from)):
        does = {"method": each.method}
        made.add_attachment(each.content, "text", "calendar", filename=f"date{number or ''}.ics", params=does)
    if letter.dates:
        made.set_boundary(f"={letter.message_id}=")
    return made


class _Server(smtplib.SMTP):
    """One that greets without end is left in time as well: it is connected to as soon as it is made."""

    def connect(self, *where: Any, **more: Any) -> tuple[int, bytes]:
        with within(self.timeout, lambda: self.sock):
            return super().connect(*where, **more)


class _ServerOverTls(_Server, smtplib.SMTP_SSL):
    """The same with TLS from the beginning."""


class ByEmail:
    """Over SMTP, with TLS from the beginning or by STARTTLS; a server that offers none is given nothing."""

    at_once = 1

    def __init__(self, settings: Settings, password: str, tls: ssl.SSLContext) -> None:
        self._settings, self._password, self._tls = settings, password, tls

    def send(self, address: str, letter: Letter) -> None:
        """See ``Sender``."""
        try:
            self._give(email_of(address, letter, self._settings.smtp_from))
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            if code in NOBODY_THERE:
                raise NoAddressError(f"smtp_{code}") from None
            raise (RefusedError if code >= PERMANENT else LaterError)(f"smtp_{code}") from None
        except smtplib.SMTPDataError as refused:
            code = refused.smtp_code
            raise (RefusedError if code >= PERMANENT else LaterError)(f"smtp_{code}") from None
        except smtplib.SMTPResponseException as refused:  # of us or of our sign-in, not of the message
            raise UnreachableError(f"smtp_{refused.smtp_code}") from None
        except (smtplib.SMTPException, OSError, ValueError) as failure:
            raise UnreachableError(f"smtp_{type(failure).__name__}") from None

    def _give(self, message: EmailMessage) -> None:
        given = self._settings
        seconds = given.telling_timeout_seconds
        if given.smtp_security == "tls":
            server: smtplib.SMTP = _ServerOverTls(given.smtp_host, given.smtp_port, timeout=seconds, context=self._tls)
        else:
            server = _Server(given.smtp_host, given.smtp_port, timeout=seconds)
        try:
            with within(seconds, lambda: server.sock):
                if given.smtp_security == "starttls":
                    server.starttls(context=self._tls)
                if given.smtp_user:
                    server.login(given.smtp_user, self._password)
                server.send_message(message)
                with suppress(smtplib.SMTPException, OSError):  # it is taken: how they part does not matter any more
                    server.quit()
        finally:
            server.close()
