"""Ways of sending. Each is set up by settings; what is not set up is sent by nobody."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

from api.outbox.message_kind import EMAIL, NOTIFY, WEBHOOK
from api.outbox.senders.by_email import ByEmail
from api.outbox.senders.notify import ByNotify
from api.outbox.senders.sending import NotSetUpError, Sender, secret_in
from api.outbox.senders.webhook import ByWebhook
from api.settings import Settings

__all__ = ("CHANNELS", "EMAIL", "NOTIFY", "WEBHOOK", "NotSetUpError", "senders_of", "set_up")

CHANNELS = (EMAIL, NOTIFY, WEBHOOK)


def set_up(settings: Settings) -> tuple[str, ...]:
    """The ways that the settings name."""
    named = {EMAIL: settings.smtp_host, NOTIFY: settings.notify_key_file, WEBHOOK: settings.webhook_secret_file}
    return tuple(channel for channel in CHANNELS if named[channel])


def senders_of(settings: Settings) -> Mapping[str, Sender]:
    """The senders of the ways that the settings name. Raises ``NotSetUpError`` where a file of theirs is not fit."""
    named, found = set_up(settings), dict[str, Sender]()
    try:
        tls = ssl.create_default_context(cafile=settings.telling_ca_file or None) if named else None
    except (OSError, ssl.SSLError):
        raise NotSetUpError("OPTIMISER_TELLING_CA_FILE: it cannot be read as certificates in PEM.") from None
    if tls is not None and EMAIL in named:
        password = secret_in(settings.smtp_password_file, "OPTIMISER_SMTP_PASSWORD_FILE") if settings.smtp_user else ""
        found[EMAIL] = ByEmail(settings, password, tls)
    if NOTIFY in named:
        found[NOTIFY] = ByNotify(settings, secret_in(settings.notify_key_file, "OPTIMISER_NOTIFY_KEY_FILE"))
    if tls is not None and WEBHOOK in named:
        secrets = secret_in(settings.webhook_secret_file, "OPTIMISER_WEBHOOK_SECRET_FILE").split()
        found[WEBHOOK] = ByWebhook(secrets, settings.telling_timeout_seconds, tls)
    return found
