"""What is said of messages, in words."""

from __future__ import annotations

CHANNELS = {"email": "e-mail", "notify": "GOV.UK Notify", "webhook": "a program"}
WAYS = {"at_once": "At once", "daily": "Once a day, all in one", "off": "Not at all"}
STATES = {
    "dead": "Could not be sent",
    "dropped": "Dropped as their kind was switched off",
    "gathering": "Gathered for the next message of a day",
    "in_digest": "Told in one message of a day",
    "sending": "On their way",
    "sent": "Sent",
    "waiting": "Waiting to be sent",
}
_WHY = {
    "address_stopped": "the address had bounced before",
    "smtp_550": "there is no such mailbox",
    "smtp_551": "the mailbox is elsewhere",
    "smtp_553": "it is no name of a mailbox",
    "notify_no_address": "it is no e-mail address",
    "notify_permanent-failure": "there is no such mailbox",
    "notify_temporary-failure": "the mailbox took nothing for three days",
    "notify_technical-failure": "Notify could not send it",
    "bounce_5.1.1": "there is no such mailbox",
    "bounce_5.2.2": "the mailbox is full",
}


def why(said: str | None) -> str:
    """Why something was not sent; what has no words here as it stands."""
    return _WHY.get(said or "", (said or "").replace("_", " "))
