"""``optimiser postcodes build FILE …``: an index of postcodes from official files."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import complain, refused, refused_with, say_lines, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 10
SUMMARY = "make an index of postcodes from Code-Point Open or the ONS Postcode Directory"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "build",
        description="Make an index of postcodes from Code-Point Open or the ONS Postcode Directory, as published: CSV files,"
        " folders of them, or the zip. The directory knows postcodes that ended, too. Nothing is fetched; half a minute for all"
        " of England.",
        example="optimiser postcodes build codepo_gb.zip --out postcodes.index",
        run=run,
        arguments=_arguments,
    )


def _arguments(build: argparse.ArgumentParser) -> None:
    build.add_argument("files", nargs="+", metavar="FILE", help="official files, folders or zip files, of one kind or both")
    build.add_argument("--out", required=True, metavar="FILE", help="the index; made whole or not at all")
    build.add_argument("--replace", action="store_true", help="replace an earlier index; a running service keeps the one it has")
    as_json(build, "what the index is of")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where the files are refused or the index cannot be written."""
    from pathlib import Path

    from optimiser.geography.postcodes.index import PostcodeIndex
    from optimiser.io.faults import InputRefusedError
    from optimiser.io.postcode_files import index_of_files, told
    from optimiser.io.postcode_index import TakenError, refuse_taken_file, write_index

    out = Path(options.out)
    try:
        refuse_taken_file(out, replace=options.replace)
        built = index_of_files(map(Path, options.files))
        write_index(out, built.content, replace=options.replace)
    except TakenError as taken:
        return refused(str(taken))
    except InputRefusedError as faults:
        return refused_with(faults)
    except OSError as error:
        complain(f"Could not write {out}: {error.strerror}. Nothing was written.")
        return exits.REFUSED
    about = PostcodeIndex(built.content).about
    twice = [f"{built.told_twice:,} postcodes stand in several places: one in use goes before one that ended, then the first."]
    lines = [*told(about), *(twice if built.told_twice else []), f"{out}: {len(built.content) / 1e6:.1f} MB."]
    record: dict[str, Any] = {**about, "told_twice": built.told_twice, "bytes": len(built.content)}
    tell(options, lambda: record, lambda: say_lines(lines))
    return exits.PROVEN
