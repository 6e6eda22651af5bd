"""Messages as they are received: each printed whole as it comes, at the one who is waiting for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage

from tests.api.outbox.receivers import Mailbox, Program, until

IN_A_DIARY = re.compile(r"^(SUMMARY|DTSTART)[^:]*:(.*)$", re.MULTILINE)


class Received:
    """What a mail server and a program have taken, read by one receiver at a time and in the order in which it came."""

    def __init__(self, box: Mailbox, program: Program, say: Callable[[str], None] = print) -> None:
        self._box, self._program, self._say = box, program, say
        self._read = Counter[str]()
        self.sentences = ""
        """All that was received so far, as one text."""

    def by_email(self, address: str, subject: str) -> str:
        """The next e-mail to an address, which must have this subject; where its link leads to."""
        number = self._read[address]
        until(lambda: len(self._to(address)) > number)
        mail = self._to(address)[number]
        self._read[address] += 1
        assert mail["Subject"] == subject, f"{address} has {mail['Subject']}"
        lines = [f"To: {mail['To']}", f"Subject: {mail['Subject']}", *_content(mail)]
        self._tell("e-mail", lines)
        return next(each for each in reversed(lines) if each.startswith(("http://", "https://")))

    def by_webhook(self, kind: str) -> None:
        """What the council's program was told since: at least one thing, and all of one kind.

        The signature of each has been verified where it was received.
        """
        before = self._read[""]
        until(lambda: len(self._program.heard) > before)
        told = list(self._program.heard.values())[before:]
        self._read[""] += len(told)
        for heard in told:
            assert heard["type"] == kind, f"the program is told {heard}"
            data = heard["data"]
            self._tell("webhook", [f"{kind}: {data['subject']}, {data['link']} ({data['about']})"])

    def unread(self, *addresses: str) -> list[str]:
        """What came to some addresses and nobody waited for."""
        return [f"{to}: {each['Subject']}" for to in addresses for each in self._to(to)[self._read[to] :]]

    def _to(self, address: str) -> list[EmailMessage]:
        return [each for each in list(self._box.taken) if each["To"] == address]

    def _tell(self, way: str, lines: list[str]) -> None:
        self.sentences += "\n".join(lines) + "\n"
        self._say("\n".join(f"    {way} | {each}" for each in lines))


def _content(mail: EmailMessage) -> Iterator[str]:
    """What stands in an e-mail, and what of it goes into a diary."""
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            yield from (line for line in part.get_content().splitlines() if line)
        if part.get_content_type() == "text/calendar":
            said = part.get_content()
            text = said.decode() if isinstance(said, bytes) else said
            where = "Out of the diary" if "METHOD:CANCEL" in text else "For the diary"
            yield from (f"{where}: {name} {value.strip()}" for name, value in IN_A_DIARY.findall(text))
