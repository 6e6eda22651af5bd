"""Reports of mail servers on what they could not deliver (RFC 3464), read for the message that came back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

MESSAGE_ID = re.compile(r"<(msg_[0-9a-f]{32})@")
STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
NOBODY_THERE = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)}
"""Subject and detail of a status (RFC 3463) that says that there is no such mailbox, or none any more."""


@dataclass(frozen=True)
class Bounce:
    """A message that came back. ``said``: the status, as a word of ours."""

    message_id: str
    said: str
    nobody_there: bool


def bounces_in(report: bytes) -> Iterator[Bounce]:
    """What a report says came back of ours; nothing where it is no report, or tells of a delay alone."""
    whole = message_from_bytes(report, policy=policy.default)
    original = next((found for part in whole.walk() if (found := _original(part))), None)
    if original is None:
        return
    for part in whole.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in _blocks(part):
                if str(fields.get("Action", "")).strip().lower() != "failed":
                    continue
                status = STATUS.search(str(fields.get("Status", "")))
                kind = (int(status[2]), int(status[3])) if status and status[1] == "5" else None
                yield Bounce(original, f"bounce_{status[0] if status else 'failed'}", kind in NOBODY_THERE)
                return


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _original(part: Message) -> str | None:
    """Our id in what a report has of the message: all of it, or its head."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = part.get_payload()
        head = inner[0] if isinstance(inner, list) and inner else None
        found = head.get("Message-ID", "") if isinstance(head, Message) else ""
    elif kind == "text/rfc822-headers" and isinstance(part, EmailMessage):
        found = part.get_content()
    else:
        return None
    named = MESSAGE_ID.search(str(found))
    return named[1] if named else None
