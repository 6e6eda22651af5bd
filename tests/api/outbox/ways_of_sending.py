"""Every way of sending, set up: a receiver for each that listens, and the settings that lead there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.api.outbox.receivers import (
    NOTIFY_KEY,
    PASSWORD,
    SECRET,
    USER,
    Mailbox,
    Notify,
    Program,
    certificate_files,
    listening,
    mail_server,
)


@dataclass(frozen=True)
class Receiving:
    """Who receives, and the settings by their names; passwords, keys and secrets stand in files of the folder."""

    box: Mailbox
    program: Program
    notify: Notify
    settings: dict[str, Any]

    def as_environment(self) -> dict[str, str]:
        """The settings as a process is given them."""
        return {f"OPTIMISER_{name.upper()}": str(value) for name, value in self.settings.items()}


@contextmanager
def receiving(folder: Path, public_address: str = "https://brokerage.example.gov.uk") -> Iterator[Receiving]:
    """A mail server with TLS, a program and Notify's stand-in. ``public_address``: where messages lead to."""
    ca_file, tls = certificate_files(folder)
    program, notify = Program(), Notify()
    for name, text in (("password", PASSWORD), ("notify", NOTIFY_KEY), ("webhook", SECRET)):
        (folder / name).write_text(f"{text}\n", encoding="utf-8")
    with mail_server(tls) as box, listening(program), listening(notify):
        given = {
            "public_address": public_address,
            "smtp_host": "localhost",
            "smtp_port": box.port,
            "smtp_user": USER,
            "smtp_password_file": str(folder / "password"),
            "smtp_from": "brokerage@council.example",
            "notify_key_file": str(folder / "notify"),
            "notify_template": "f33517ff-2a88-4f6e-b855-c550268ce08a",
            "notify_address": notify.address,
            "webhook_secret_file": str(folder / "webhook"),
            "telling_ca_file": str(ca_file),
            "telling_timeout_seconds": 8,
        }
        yield Receiving(box, program, notify, given)
