"""``optimiser explain DIR PACKAGE_ID``: one package's explanation, for a planner, the person or a provider."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import PACKAGE_ID, as_json
from optimiser.commands.shared.letters import contact, refuse_without_pdf
from optimiser.commands.shared.saying import complain, refused, tell

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.person_records import Reads
    from optimiser.explaining.explanation import Explanation
    from optimiser.transferring.letters import Letter

ORDER = 410
SUMMARY = "why this provider, why not that one, what would have to change"
WIDTH = 110


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "explain",
        description="One package out of a result: why this provider, why not that one, and what would have to change. For a"
        " planner, the person, or one provider: each sees what is theirs to see.",
        example="optimiser explain result N2\noptimiser explain result N2 --for provider --provider ALDER",
        run=run,
        arguments=_arguments,
    )


def _arguments(explain: argparse.ArgumentParser) -> None:
    explain.add_argument("folder", metavar="DIR", help="a result folder")
    explain.add_argument("package_id", metavar="PACKAGE_ID", help=PACKAGE_ID)
    explain.add_argument(
        "--for",
        dest="audience",
        choices=("planner", "person", "provider"),
        default="planner",
        help="planner (default): everything; person: a paragraph to send; provider: a note (needs --provider)",
    )
    explain.add_argument("--provider", metavar="PROVIDER_ID", help="which provider the note is for")
    contact(explain)
    explain.add_argument(
        "--page",
        metavar="FILE",
        help="with --for person: also write the letter as a page that prints, made as the person asked (large print, easy read,"
        " plain text, ready to be translated); a tagged PDF where FILE ends in .pdf, plain text where in .txt; a new file,"
        " readable by you alone",
    )
    explain.add_argument("--all", action="store_true", help="every rule of every contract")
    as_json(explain, "what that reader may see")


def run(options: argparse.Namespace) -> int:
    """Exit code 2 when there is no such result or package, or when the result is damaged."""
    from pathlib import Path

    from optimiser.explaining.explanation import FILE, read_explanation
    from optimiser.explaining.notes import NoContactError

    if options.audience == "provider" and not options.provider:
        return refused("say which provider the note is for, with --provider PROVIDER_ID.")
    if options.page is not None and options.audience != "person":
        return refused("a page is made of what the person may read: --for person --page FILE.")
    folder = Path(options.folder)
    try:
        found = read_explanation(folder, options.package_id)
        if found is None:
            return refused(f"this result has no package {options.package_id!r}.")
        if "outcome" not in found.record:
            return refused(f"this result is no allocation: read {folder / FILE} itself, a line per person.")
        record, page = _told(options, folder, found)
    except (exits.RefusedError, NoContactError) as why:
        return refused(str(why))
    except OSError as error:
        return refused(f"no result to read in {folder}: {error.strerror}.")
    except (ValueError, LookupError, TypeError, AttributeError):  # whatever a record that is not ours can lead to
        return refused(f"the result in {folder} is damaged: make it again.")
    tell(options, lambda: record, lambda: print("\n".join(page)))
    return exits.PROVEN


def _told(options: argparse.Namespace, folder: Path, found: Explanation) -> tuple[dict[str, Any], list[str]]:
    """What the reader that is named may see: as a record, and as a page."""
    reader = {"package_id": found.package_id, "for": options.audience}
    if options.audience == "person":
        return _for_person(options, found, reader)
    if options.audience == "provider":
        if not _is_known(folder, options.provider):
            raise exits.RefusedError(f"this result has no provider {options.provider!r}.")
        text = found.for_provider(options.provider)
        return {**reader, "provider_id": options.provider, "text": text}, [_fill(text)]
    letter = _letter(found, options.contact)
    return {**found.record, "person": letter}, list(_planner(found, letter, everything=options.all))


def _for_person(options: argparse.Namespace, found: Explanation, reader: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """What the person may read, in each way that they asked for; what is not known of how they read is said first."""
    from optimiser.io.faults import clean
    from optimiser.transferring.letters import Letter
    from optimiser.transferring.letters_as_asked import made_for, ways_of

    text, reads = found.for_person(options.contact), found.reads
    letter = Letter(found.package_id, "news", "News of your care", (text,))
    made = made_for(reads, letter)
    if reads.not_recorded:
        complain(f"The {' and the '.join(reads.not_recorded)} that the person reads is not recorded. Ask before this goes.")
    if options.page is not None:
        _write_page(options.page, _page(options.page, letter, reads))
    if not ways_of(reads) and not reads.write_to:
        return {**reader, "text": text}, [_fill(text)]
    told = {"reads": found.record["reads"], "made": [{"format": each.made, "text": each.text()} for each in made]}
    page = [line for each in made for line in (f"{each.made.replace('_', ' ').capitalize()}:", "", *each.text().split("\n"), "")]
    return {**reader, "text": text, **told}, [clean(line) for line in page]


def _page(file: str, letter: Letter, reads: Reads) -> bytes:
    """The letter as its person reads it: by the file's ending a tagged PDF, plain text, or a page. Raises ``RefusedError``."""
    from optimiser.transferring.letters_as_asked import made_for, page_of_letters
    from optimiser.transferring.letters_in_formats import as_pdf, as_recorded, as_text

    if file.endswith(".pdf"):
        refuse_without_pdf()
        return as_pdf(as_recorded(reads, letter))
    return as_text(as_recorded(reads, letter)) if file.endswith(".txt") else page_of_letters(made_for(reads, letter))


def _write_page(file: str, page: bytes) -> None:
    """A new file that its owner alone reads, whole or not at all. Raises ``RefusedError``."""
    from pathlib import Path

    from optimiser.io.folders import write_file

    try:
        write_file(Path(file), page)
    except OSError as error:
        raise exits.RefusedError(f"the page cannot be written to {file}: {error.strerror}.") from None


def _letter(found: Explanation, whom: str | None) -> str | None:
    """The person's paragraph for a planner's page; None where it would have no number to call."""
    from optimiser.explaining.notes import NoContactError

    try:
        return found.for_person(whom)
    except NoContactError:
        return None


def _is_known(folder: Path, provider_id: str) -> bool:
    """Whether a result knows a provider; one without a list of them knows everybody."""
    import json

    try:
        result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return True
    return "provider_ids" not in result or provider_id in result["provider_ids"]


NO_LETTER = "No letter: set OPTIMISER_CONTACT, or give --contact, with a number that answers by day and night."


def _planner(found: Explanation, letter: str | None, *, everything: bool) -> Iterator[str]:
    record = found.record
    on = f" on {record['contract_id']}" if record["contract_id"] else ""
    yield f"Package {record['package_id']} in area {record['area_id']}: {record['outcome']}{on}."
    yield f"{record['hours_per_week']:g} hours a week in {record['visits_per_week']} visits."
    yield _fill(record["reason"])
    if record.get("support"):
        yield _fill(record["support"])
    if record.get("remedies") is not None:
        yield "\nWhat would place it higher, everybody else where they are (each tried; one unit less does not):"
        for remedy in record["remedies"]:
            yield _fill(f"- {remedy['change']} (+{_amount(remedy)}): {remedy['sentence']}")
        if not record["remedies"]:
            yield "- no single change"
    yield from _if_others_move(record.get("remedies_if_others_move"))
    if record["contracts"]:
        yield "\nIn the order asked:"
    spaced = True
    for number, step in enumerate(record["contracts"], 1):
        lines = list(_step(number, step, everything=everything))
        if len(lines) == 1 and spaced:  # the first of those with one line each
            yield ""
        spaced = len(lines) > 1
        yield from lines
    if record.get("contracts_of_other_areas"):
        yield f"\n{record['contracts_of_other_areas']} contracts of other areas were not considered: they do not cover this one."
    yield "\nFor the person:"
    yield _fill(NO_LETTER if letter is None else letter)


def _if_others_move(found: list[dict[str, Any]] | None) -> Iterator[str]:
    """Only where the run was asked for it."""
    if found is None:
        return
    yield "\nWhat would place it if others who wait may go elsewhere (nobody loses their place; worked out anew and checked):"
    for remedy in found:
        others = remedy["others_elsewhere"]
        who = (
            f"{others} other{'s' if others > 1 else ''} then go{'' if others > 1 else 'es'} elsewhere"
            if others
            else "nobody else has to go elsewhere"
        )
        proven = (
            "nothing smaller would do"
            if remedy["proven_smallest"]
            else f"less than +{remedy['at_least']} would not do, what lies between is open"
        )
        yield _fill(f"- {remedy['change']} (+{_amount(remedy)}): {remedy['sentence']} {_capital(who)}; {proven}.")
    if not found:
        yield "- no single change was found"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _amount(remedy: dict[str, Any]) -> str:
    """Such as "1 decline" or "6 hours per four weeks"."""
    noun, space, rest = remedy["unit"].partition(" ")
    return f"{remedy['amount']} {noun.removesuffix('s') if remedy['amount'] == '1' else noun}{space}{rest}"


NOTED = {
    "accepted": "would fail today, but the offer was accepted:",
    "asked, waiting for an answer": "would fail today, but the offer has been made:",
}
"""What is said of a failing rule where an offer has been made all the same."""


def _step(number: int, step: dict[str, Any], *, everything: bool) -> Iterator[str]:
    from optimiser.geography.grid import METRES_PER_MILE
    from optimiser.io.faults import clean

    settled = step["verdict"] in ("chosen", "pinned by a named person") or step["verdict"] in NOTED
    failed = [finding[0] for finding in step["findings"] if not finding[1]]
    if step["tier"] == "legacy" and not settled and len(failed) > 1 and not everything:
        yield _fill(f"{number:3}. {step['contract_id']}: fails {', '.join(failed)}")
        return
    over = ", above the upper edge of its share" if step["over_upper_edge"] else ""
    yield ""
    yield clean(f"{number:3}. {step['contract_id']} · {step['provider']} · {step['tier']}{over} · {step['verdict']}")
    away = f"{step['metres'] / METRES_PER_MILE:.2f} miles from its nearest office or running care"
    yield f"     £{step['weekly_cost_gbp']} a week, {_against_part(step)}{away}"
    for rule, passed, _, _, _, sentence in step["findings"]:
        if everything or settled or step["tier"] != "legacy" or not passed:
            said = "passed" if passed else NOTED.get(step["verdict"], "FAILED")
            yield _fill(f"{said} {rule}: {sentence}", indent="     ")
    if instead := step.get("instead"):
        changes = ", ".join(f"{level} {difference:+,}" for level, difference in instead.items())
        yield _fill(f"Choosing it instead would change: {changes}.", indent="     ")


def _against_part(step: dict[str, Any]) -> str:
    """How far a principal or framework contract is from the part that it should have; the others have none."""
    from optimiser.domain.records import OF_ONE_AREA

    if step["tier"] not in OF_ONE_AREA:
        return ""
    from optimiser.domain.words import hours_per_4w_in_words

    below = step["below_part_minutes"]
    return f"{hours_per_4w_in_words(abs(below))} {'below' if below >= 0 else 'above'} its part, "


def _fill(text: str, indent: str = "") -> str:
    from optimiser.io.faults import clean

    return textwrap.fill(clean(text), WIDTH, initial_indent=indent, subsequent_indent=indent + "  " if indent else "")
