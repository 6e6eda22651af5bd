"""By GOV.UK Notify, with its own client: one template of the council's there holds the words."""

from __future__ import annotations

import logging
from typing import Any

from api.outbox.letter import Letter
from api.outbox.senders.sending import NoAddressError, NotSetUpError, RefusedError, UnreachableError
from api.settings import Settings

BAD_REQUEST = 400
KEY_LENGTH = 73
"""An API key ends in two UUIDs with a hyphen between them, behind whatever name it was given."""


class ByNotify:
    """What was tried before is asked after first, by the message's id: nobody is told twice where an answer was lost."""

    at_once = 1

    def __init__(self, settings: Settings, key: str) -> None:
        if len(key) < KEY_LENGTH:
            raise NotSetUpError("OPTIMISER_NOTIFY_KEY_FILE: that is no API key of Notify.")
        self._key, self._template, self._address = key, settings.notify_template, settings.notify_address
        self._seconds, self._ca_file = settings.telling_timeout_seconds, settings.telling_ca_file
        # What Notify answers may hold anything, and the client writes it into the log.
        logging.getLogger("notifications_python_client").disabled = True
        logging.getLogger("notifications_python_client.base").disabled = True

    def send(self, address: str, letter: Letter) -> None:
        """See ``Sender``."""
        from notifications_python_client.errors import HTTPError, InvalidResponse

        try:
            self._send(address, letter)
        except HTTPError as refused:
            raise _told(refused.status_code, str(refused.message)) from None
        except (InvalidResponse, OSError, ValueError) as failure:
            raise UnreachableError(f"notify_{type(failure).__name__}") from None

    def _send(self, address: str, letter: Letter) -> None:
        from notifications_python_client.notifications import NotificationsAPIClient

        untyped: Any = NotificationsAPIClient
        client = untyped(self._key, base_url=self._address, timeout=self._seconds)
        with client.request_session as session:
            if self._ca_file:
                session.verify = self._ca_file
            if letter.attempts > 1 and client.get_all_notifications(reference=letter.message_id)["notifications"]:
                return
            client.send_email_notification(
                email_address=address,
                template_id=self._template,
                personalisation={"subject": letter.subject, "body": letter.text},
                reference=letter.message_id,
            )


def _told(status: int, message: str) -> RefusedError | NoAddressError | UnreachableError:
    if status == BAD_REQUEST and "email_address" in message:
        return NoAddressError("notify_no_address")
    if status == BAD_REQUEST:
        return RefusedError("notify_400")
    return UnreachableError(f"notify_{status}")
