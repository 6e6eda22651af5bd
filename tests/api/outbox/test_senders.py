"""Messages as they arrive at real receivers, and what is made of receivers that refuse, fail, hang, and lose their answers."""

from __future__ import annotations

import ast
import datetime as dt
import re
import smtplib
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from icalendar import Calendar

from api import outbox
from api.outbox.letter import Letter
from api.outbox.senders import NotSetUpError, senders_of
from api.outbox.senders.sending import NoAddressError, NotSentError, RefusedError, UnreachableError
from api.pages.every_page import ROUTERS
from tests.api.outbox.receivers import certificate_files, mail_server, until
from tests.api.outbox.told_county import Told

LETTER = Letter(
    "msg_1",
    "offer_waits",
    "An offer waits",
    ("Please answer.",),
    "https://b.example/own/offers",
    dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC),
)


def test_an_offer_arrives_by_each_way(told_here: Told) -> None:
    """One offer, three receivers: the e-mail has the moment for a diary, none has anything of the person or the place."""
    told = told_here
    told.tell("desk@alder.example")
    told.tell("night@alder.example", "notify")
    told.tell(f"{told.program.address}/told", "webhook")
    (offer_id,) = told.ask("N1")
    told.delivered()
    assert told.states() == ["sent"] * 3
    (mail,) = told.box.taken
    assert mail["Auto-Submitted"] == "auto-generated", "whoever is away does not answer it"
    text, diary = [part.get_content() for part in mail.iter_parts()]
    assert mail["Subject"] == "An offer of home care waits for you" and mail["To"] == "desk@alder.example"
    assert text.splitlines()[-1] == "https://brokerage.example.gov.uk/own/offers"
    (event,) = Calendar.from_ical(diary).events
    expires = told.store.state().stock["offers"][offer_id].body["expires_at"]
    assert event.start == dt.datetime.fromisoformat(expires) and event["transp"] == "TRANSPARENT", "nobody is busy by it"
    assert f"{expires[11:16]}." in text, "in November London has the time of Greenwich"
    (notified,) = told.notify.sent
    assert notified["email_address"] == "night@alder.example" and notified["personalisation"]["subject"] == mail["Subject"]
    (heard,) = told.program.heard.values()
    assert heard["type"] == "offer_waits" and heard["data"]["about"] == offer_id
    ids = {row["message_id"] for row in told.rows()}
    assert {notified["reference"], *told.program.heard, mail["Message-ID"].strip("<>").partition("@")[0]} == ids
    everything = f"{mail.items()} {text} {diary} {notified} {heard}"  # decoded: base64 may hold any two letters
    for personal in ("N1", "NR1", "A1", "Dereham"):
        assert personal not in everything


def test_what_mail_servers_answer(told_here: Told) -> None:
    """Nobody there stops an address; full for now is tried again; what is refused for good is not."""
    told, mail = told_here, senders_of(told_here.settings)["email"]
    box = told.box
    for answer, expected, said in (
        ("550 no such mailbox", NoAddressError, "smtp_550"),
        ("551 gone elsewhere", NoAddressError, "smtp_551"),
        ("553 no such name", NoAddressError, "smtp_553"),
        ("552 too full for good", RefusedError, "smtp_552"),
        ("554 not from you", RefusedError, "smtp_554"),
        ("452 full", NotSentError, "smtp_452"),
    ):
        box.refusing["desk@alder.example"] = answer
        with pytest.raises(expected) as failure:
            mail.send("desk@alder.example", LETTER)
        assert failure.value.said == said and not isinstance(failure.value, UnreachableError)
    box.after_data = "552 too much"
    with pytest.raises(RefusedError, match="smtp_552"):
        mail.send("other@alder.example", LETTER)
    assert not box.taken


def test_nothing_is_sent_past_tls_or_to_a_server_that_is_another(told_here: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """One whose certificate nobody vouches for, one that wants another password, and one that offers no TLS."""
    told = told_here
    strange = senders_of(told.settings.model_copy(update={"telling_ca_file": ""}))["email"]
    with pytest.raises(UnreachableError, match="smtp_SSLCertVerificationError"):
        strange.send("desk@alder.example", LETTER)
    Path(told.settings.smtp_password_file).write_text("another", encoding="utf-8")
    with pytest.raises(UnreachableError, match="smtp_535"):
        senders_of(told.settings)["email"].send("desk@alder.example", LETTER)
    monkeypatch.setattr(smtplib.SMTP, "has_extn", lambda *_: False)
    with pytest.raises(UnreachableError, match="smtp_SMTPNotSupportedError"):
        senders_of(told.settings)["email"].send("desk@alder.example", LETTER)
    assert not told.box.taken


def test_a_mail_server_that_speaks_tls_from_the_beginning(told_here: Told, tmp_path: Path) -> None:
    """Who waits for a greeting in clear hears none, and a certificate is looked at here too."""
    _, tls = certificate_files(tmp_path)
    with mail_server(tls, from_the_beginning=True) as box:
        given = {"smtp_port": box.port, "smtp_security": "tls", "telling_timeout_seconds": 2}
        there = told_here.settings.model_copy(update=given)
        senders_of(there)["email"].send("desk@alder.example", LETTER)
        (mail,) = box.taken
        assert (mail["To"], mail["Message-ID"]) == ("desk@alder.example", "<msg_1@council.example>")
        with pytest.raises(UnreachableError, match="smtp_SSLCertVerificationError"):
            senders_of(there.model_copy(update={"telling_ca_file": ""}))["email"].send("desk@alder.example", LETTER)
        in_clear = {"smtp_security": "starttls", "telling_timeout_seconds": 0.3}
        with pytest.raises(UnreachableError, match="smtp_"):
            senders_of(there.model_copy(update=in_clear))["email"].send("desk@alder.example", LETTER)
        assert len(box.taken) == 1


def test_a_mail_server_that_greets_without_end_is_left(told_here: Told) -> None:
    """A line every twentieth of a second for ten seconds; nobody waits for more than half a one."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            line, _ = server.accept()
            with line, suppress(OSError):
                for _ in range(200):
                    line.sendall(b"220-please wait\r\n")
                    time.sleep(0.05)

        threading.Thread(target=greet, daemon=True).start()
        hurried = {"smtp_port": server.getsockname()[1], "telling_timeout_seconds": 0.5}
        began = time.monotonic()
        with pytest.raises(UnreachableError, match="smtp_SMTPServerDisconnected"):
            senders_of(told_here.settings.model_copy(update=hurried))["email"].send("desk@alder.example", LETTER)
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("does", "expected", "said"),
    [
        (500, UnreachableError, "webhook_500"),
        (302, UnreachableError, "webhook_302"),
        (429, NotSentError, "webhook_429"),
        (422, RefusedError, "webhook_422"),
        ("hang", UnreachableError, "webhook_"),
        ("drip", UnreachableError, "webhook_"),
    ],
)
def test_what_programs_do(told_here: Told, does: Any, expected: type[NotSentError], said: str) -> None:
    """One that hangs, or answers a byte at a time, is left after half a second."""
    told = told_here
    told.program.does.append(does)
    hurried = told.settings.model_copy(update={"telling_timeout_seconds": 0.5 if isinstance(does, str) else 8})
    with pytest.raises(expected) as failure:
        senders_of(hurried)["webhook"].send(told.program.address, LETTER)
    assert failure.value.said.startswith(said)
    assert not told.program.heard


def test_both_secrets_sign_while_one_takes_the_others_place(told_here: Told) -> None:
    """The receiver of these tests knows the older one alone."""
    told = told_here
    file = Path(told.settings.webhook_secret_file)
    file.write_text(f"whsec_bmV3ZXIgc2VjcmV0IG9mIHRlc3RzIQ==\n{file.read_text()}", encoding="utf-8")
    senders_of(told.settings)["webhook"].send(told.program.address, LETTER)
    assert list(told.program.heard) == ["msg_1"]


def test_what_notify_answers(told_here: Told) -> None:
    """An answer that was lost is asked after, and nothing is sent twice."""
    told, notify = told_here, senders_of(told_here.settings)["notify"]
    for does, expected, said in (
        ((400, "email_address Not a valid email address"), NoAddressError, "notify_no_address"),
        ((400, "Missing personalisation: body"), RefusedError, "notify_400"),
        ((403, "Invalid token"), UnreachableError, "notify_403"),
        ((429, "Exceeded rate limit"), UnreachableError, "notify_429"),
        ("lose the answer", UnreachableError, "notify_503"),
    ):
        told.notify.does.append(does)
        with pytest.raises(expected) as failure:
            notify.send("desk@alder.example", LETTER)
        assert failure.value.said == said
    assert len(told.notify.sent) == 1
    again = Letter(**{**{name: getattr(LETTER, name) for name in LETTER.__dataclass_fields__}, "attempts": 2})
    notify.send("desk@alder.example", again)
    assert told.notify.asked_after == ["msg_1"] and len(told.notify.sent) == 1


@pytest.mark.parametrize("name", ["smtp_password_file", "notify_key_file", "webhook_secret_file", "telling_ca_file"])
def test_a_file_that_is_not_there_is_said_at_the_start(told_here: Told, name: str) -> None:
    """By its setting, and nothing of what is in it."""
    with pytest.raises(NotSetUpError, match=f"OPTIMISER_{name.upper()}"):
        senders_of(told_here.settings.model_copy(update={name: "/nowhere"}))


def test_one_that_hangs_keeps_nobody_else_waiting(told_here: Told) -> None:
    """A program hangs over its first message; the desk has its own meanwhile, and the program's second waits for the first."""
    told = told_here
    told.program.does.extend(["hang"] * 10)
    told.tell(told.program.address, "webhook")
    told.ask("N1")
    with told.postman(telling_timeout_seconds=60):
        until(lambda: told.states() == ["sending"])
        told.tell()
        told.ask("N2")
        until(lambda: sorted(told.states()) == ["sending", "sent", "waiting"])
        assert len(told.box.taken) == 1
        told.program.leaving.set()


def test_every_link_leads_to_a_page() -> None:
    """The words of kinds name addresses of the service's pages, which are declared elsewhere."""
    pages = {route.path for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)}
    named = set[str]()
    for path in (Path(outbox.__file__).parent).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"/[a-z][a-z/_-]*", node.value):
                named.add(node.value)
    assert named >= {"/own/offers", "/waiting"}
    assert named <= pages
