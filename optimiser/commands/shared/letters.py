"""What is asked of letters to people, by the commands that write them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.saying import complain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimiser.domain.policy import TransferPolicy


def contact(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--contact",
        metavar="TEXT",
        help="whom the person may call by day and night, with a number, in place of OPTIMISER_CONTACT: without either no letter"
        " is printed",
    )


def letters(command: argparse.ArgumentParser) -> None:
    """Whom letters name to call, whom they go to, and what they are made as."""
    contact(command)
    command.add_argument(
        "--letters",
        dest="letter_forms",
        action="append",
        default=[],
        choices=("pdf", "text"),
        help="beside the pages of letters each letter once, in the format recorded for its person, as a tagged PDF (letters.pdf;"
        " it needs optimiser[letters]) or as plain text (letters-as-asked.txt); may be repeated",
    )
    command.add_argument(
        "--letters-to-stayers",
        action="store_true",
        help="a letter also to people whom nothing changes (default: the setting letters_to_stayers, which is off)",
    )


def refuse_impossible(options: argparse.Namespace) -> None:
    """Before anything is planned: raises ``RefusedError`` where this machine makes no PDF and one is asked for."""
    if "pdf" in options.letter_forms:
        refuse_without_pdf()


def refuse_without_pdf() -> None:
    """Raises ``RefusedError``, and ``ModuleNotFoundError`` where the extra is missing."""
    from optimiser.io import tagged_pdf

    try:
        tagged_pdf.refuse_without_pdf()
    except tagged_pdf.NoPdfError as missing:
        raise exits.RefusedError(str(missing)) from None


def say_beside_json(options: argparse.Namespace, told: Sequence[str]) -> None:
    """What a summary says of letters, on the error stream where the output is a program's."""
    if options.json:
        for each in told:
            complain(each)


def as_asked(options: argparse.Namespace, policy: TransferPolicy) -> TransferPolicy:
    """The settings of the snapshot, with the letters that the command line asks for."""
    return replace(policy, letters_to_stayers=policy.letters_to_stayers or options.letters_to_stayers)
