"""``optimiser outbox``: what waits to be told, as it would be sent; sending beside a server or in its place; bounces read."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import refused, say, tell, written

if TYPE_CHECKING:
    from api.acts.act import Caller
    from api.outbox.bounces import Bounce
    from api.telling.acts import Waiting
    from optimiser.commands.shared.arguments import Commands

ORDER = 566
SUMMARY = "what people are told: what waits, send it, see what it would be, read bounces"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "outbox",
        description="What people and programs are told of the service: how many messages wait, were sent and could not be. It"
        " can write what waits to files instead of sending it, send it beside a server or in its place until it is told to stop,"
        " and read the reports with which mail servers say that an e-mail came back.",
        example="optimiser outbox --dry-run would-be-sent",
        run=run,
        arguments=_arguments,
    )


def _arguments(outbox: argparse.ArgumentParser) -> None:
    does = outbox.add_mutually_exclusive_group()
    does.add_argument(
        "--dry-run", metavar="DIR", type=Path, help="write each message that waits as a file of a new folder; nothing is sent"
    )
    does.add_argument("--send", action="store_true", help="send what is due, again and again, until told to stop")
    does.add_argument(
        "--bounces", metavar="FILE", type=Path, nargs="+", help="e-mails that report what could not be delivered (.eml)"
    )
    as_json(outbox, "how many messages there are, or came back")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where a folder or file is not fit, or nothing is set up to send by."""
    from api.terminal import at_the_terminal, read_settings

    if options.send:
        return _send()
    if options.dry_run is not None and options.dry_run.exists():
        return refused(f"{options.dry_run} is there already: name a new folder.")
    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        if options.bounces:
            return _read_bounces(by, options)
        from api.telling import acts

        if options.dry_run is not None:
            files = _files(acts.dry_run(by), by.settings.smtp_from or "brokerage@council.example")
            if not written(options.dry_run, files, replace=False):
                return exits.REFUSED
            tell(
                options,
                lambda: {"written": len(files)},
                lambda: say(f"{len(files):,} message(s) written to {options.dry_run}; nothing was sent."),
            )
            return exits.PROVEN
        counts = acts.count_messages(by)
    tell(options, lambda: counts, lambda: _say(counts))
    return exits.PROVEN


def _say(counts: dict[str, int]) -> None:
    if not counts:
        say("There is no message: nobody is told of anything yet, or nothing has happened since.")
    for state, count in counts.items():
        say(f"{state.replace('_', ' ')}: {count:,}")


def _files(messages: Iterable[Waiting], sent_from: str) -> dict[str, bytes]:
    """Each as it would go out: e-mails as mail programs open them, the others as their text."""
    from api.outbox.senders.by_email import email_of
    from api.outbox.senders.webhook import body_of

    files: dict[str, bytes] = {}
    for count, each in enumerate(messages, start=1):
        name = f"{count:06}-{each.letter.kind}-{each.channel}"
        if each.channel == "webhook":
            files[f"{name}.json"] = body_of(each.letter)
        else:
            files[f"{name}.eml"] = email_of(each.address, each.letter, sent_from).as_bytes()
    return files


def _read_bounces(by: Caller, options: argparse.Namespace) -> int:
    from api.outbox.bounces import bounces_in
    from api.telling import acts

    found: list[Bounce] = []
    for file in options.bounces:
        try:
            found.extend(bounces_in(file.read_bytes()))
        except OSError as failure:
            return refused(f"{file}: it cannot be read: {failure.strerror}.")
    known = sum(acts.bounced(by, each.message_id, each.said, stops=each.nobody_there) for each in found)
    told = {"reports": len(found), "came_back": known}
    tell(
        options,
        lambda: told,
        lambda: say(f"{known:,} of {len(found):,} message(s) that came back are now on the list of what could not be sent."),
    )
    return exits.PROVEN


def _send() -> int:
    from api.outbox.postman import Postman
    from api.outbox.senders import senders_of
    from api.terminal import may_stand_open, open_store, or_refused, place_of, read_settings

    settings = read_settings()
    senders = senders_of(settings)
    if not senders:
        return refused(
            "no way of sending is set up: OPTIMISER_SMTP_HOST, OPTIMISER_NOTIFY_KEY_FILE or OPTIMISER_WEBHOOK_SECRET_FILE."
        )
    store = open_store(settings)
    if store is None:
        return exits.REFUSED
    with or_refused(settings):
        if not may_stand_open(store):
            return exits.REFUSED
    postman = Postman(store.engine, settings, senders)

    def leave(_: int, __: FrameType | None) -> None:
        postman.stop()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, leave)
    print(f"Sending the messages of {place_of(store.engine)} by {', '.join(senders)}.", flush=True)
    postman.run()
    return exits.PROVEN
