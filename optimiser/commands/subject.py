"""``optimiser subject``: everything that is held about a person, and what they ask about it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import PACKAGE_ID, as_json
from optimiser.commands.shared.saying import complain, refused, say, tell

if TYPE_CHECKING:
    from pathlib import Path

    from api.acts.act import Caller
    from optimiser.commands.shared.arguments import Commands

ORDER = 569
SUMMARY = "everything that is held about a person, in words; corrections and objections"
OF_A_REQUEST = ("correction", "objection", "close")


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "subject",
        description="Everything that the service holds about a person, in words and without third parties, for them to have; or a"
        " correction or an objection of theirs is recorded, or closed with what was done. The audit trail tells of each.",
        example="optimiser subject N5 --out N5.txt",
        run=run,
        arguments=_arguments,
    )


def _arguments(subject: argparse.ArgumentParser) -> None:
    from optimiser.domain.person_records import GIVEN_BY

    subject.add_argument("package_id", metavar="PACKAGE_ID", help=PACKAGE_ID)
    subject.add_argument("--out", metavar="FILE", help="a new file in place of the output; only you may read it")
    subject.add_argument(
        "--files",
        metavar="PATH",
        action="append",
        default=[],
        help="look into a folder or file of results, reports, exports or copies of the database too; may be given again",
    )
    subject.add_argument(
        "--correction", metavar="WORDS", help="record that something held of them is wrong: what, in their words"
    )
    subject.add_argument("--objection", metavar="WORDS", help="record what use of it they object to, and why")
    subject.add_argument("--given-by", default="self", choices=GIVEN_BY, help="who said so")
    subject.add_argument("--asked-of", metavar="NAME", help="the person at the council who is asked to see to it")
    subject.add_argument("--close", metavar="REQUEST_ID", help="close a correction or an objection")
    subject.add_argument(
        "--outcome",
        choices=("changed", "not_changed", "upheld", "not_upheld"),
        help="what came of it: of a correction (not_)changed, of an objection (not_)upheld",
    )
    subject.add_argument("--done", metavar="WORDS", help="what was done, or why nothing was: the person is told")
    as_json(subject, "the same")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where nobody is known by the id, or what is asked for says too little: then nothing is written."""
    from pathlib import Path

    from api.http.errors import Problem
    from api.terminal import at_the_terminal, read_settings

    if (why := _why_not(options)) is not None:
        return refused(why)
    folders = [Path(each) for each in options.files]
    if absent := [str(each) for each in folders if not each.exists()]:
        return refused(f"there is no {', no '.join(absent)}.")
    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        try:
            if any(getattr(options, name) is not None for name in OF_A_REQUEST):
                return _request(by, options)
            return _write(by, options, folders)
        except Problem as problem:
            return refused(f"{problem.detail} Nothing was written.")


def _why_not(options: argparse.Namespace) -> str | None:
    asked = [name for name in OF_A_REQUEST if getattr(options, name) is not None]
    if len(asked) > 1:
        return f"one thing at a time: {' or '.join(f'--{name}' for name in asked)}."
    if asked and (options.out or options.files):
        return "--out and --files are for writing out what is held."
    if asked == ["close"]:
        return (
            None if options.outcome and options.done else "--close needs --outcome and --done: the person is told what was done."
        )
    if options.outcome or options.done:
        return "--outcome and --done belong to --close."
    if asked:
        return None if options.asked_of else "name with --asked-of who is to see to it: it is a person's to do."
    return "--asked-of belongs to --correction or --objection." if options.asked_of else None


def _write(by: Caller, options: argparse.Namespace, folders: list[Path]) -> int:
    from pathlib import Path

    from api.subject_access import acts
    from api.subject_access.page import text_of, to_read_first
    from optimiser.io.folders import write_file

    out = None if options.out is None else Path(options.out)
    if out is not None and (out.exists() or not out.absolute().parent.is_dir()):
        return refused(f"{out} exists already, or there is no folder for it. Nothing was written.")
    record = acts.write_out(by, options.package_id, folders)
    if record is None:
        return refused(
            "nobody is known by this id: there is no such package, or it is forgotten. Nothing is held, as far as is known."
        )
    if out is None:
        tell(options, lambda: record, lambda: print(text_of(record), end=""))
    else:
        try:
            write_file(out, (_as_json(record) if options.json else text_of(record)).encode())
        except OSError as error:
            return refused(f"{out} cannot be written: {error.strerror}. Nothing was written.")
        say(f"Written to {out}. It holds personal data: only you may read it.")
    complain(
        f"Before it goes out: make sure of who asks, read the {to_read_first(record):,} line(s) marked * for what they say of"
        " others, and add what is kept elsewhere (letters, emails, backups)."
    )
    return exits.PROVEN


def _as_json(record: dict[str, Any]) -> str:
    import json

    return json.dumps(record, indent=2) + "\n"


def _request(by: Caller, options: argparse.Namespace) -> int:
    import json

    from api.rights import acts
    from api.rights.schemas import Closing, NewRequest

    try:
        if options.close is not None:
            closing = Closing(outcome=options.outcome, done=options.done)
            made = acts.close(by, options.package_id, options.close, closing)
        else:
            kind = "objection" if options.correction is None else "correction"
            said = {"kind": kind, "said": options.correction or options.objection, "given_by": options.given_by}
            made = acts.record(by, options.package_id, NewRequest.model_validate(said | {"asked_of": options.asked_of}))
    except ValueError:  # as the schemas refuse what over HTTP would be an invalid request
        return refused("what was said or done has 1 to 2,000 characters, and a name 3 to 500. Nothing was written.")
    record = json.loads(made.body)
    tell(options, lambda: record, lambda: _say(record))
    return exits.PROVEN


def _say(record: dict[str, Any]) -> None:
    if record["outcome"] is None:
        say(f"Recorded as {record['request_id']}: {record['asked_of']} is asked; an answer is due by {record['answer_by']}.")
    else:
        say(f"Closed: {record['request_id']}, {record['outcome'].replace('_', ' ')}.")
