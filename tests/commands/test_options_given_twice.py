"""An option that takes one value is refused when given twice, one that takes a list adds up: every option of every command."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from optimiser.commands import parser

Option = tuple[argparse.ArgumentParser, argparse.Action]


def options_of(command: argparse.ArgumentParser) -> Iterator[Option]:
    """Every option with a value, of a command and of its own commands."""
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                yield from options_of(one)
        elif action.option_strings and action.nargs != 0:
            yield command, action


OPTIONS = list(options_of(parser()))
LISTS = [
    each
    for each in OPTIONS
    if isinstance(each[1].default, list) or each[1].dest in ("require", "scenario") or isinstance(each[1], argparse._AppendAction)
]
SINGLE = [each for each in OPTIONS if each not in LISTS]


def name_of(option: Option) -> str:
    return f"{option[0].prog} {option[1].option_strings[-1]}"


def value_of(action: argparse.Action) -> str:
    """Something that the option takes."""
    if action.choices:
        return str(next(iter(action.choices)))
    return "2026-12-07" if action.metavar == "DATE" else "3"


def twice(option: Option) -> argparse.Namespace:
    """What is read of a command line that gives the option twice, and nothing else that is required."""
    command, action = option
    for other in command._actions:
        other.required = False
    name, value = action.option_strings[-1], value_of(action)
    if isinstance(action.nargs, int):
        once = [name, *[value] * action.nargs]
        read, _ = command.parse_known_args([*once, *once])
        return read
    read, _ = command.parse_known_args([name, value, f"{name}={value}"])
    return read


@pytest.mark.parametrize("option", SINGLE, ids=name_of)
def test_one_value_twice_is_refused(option: Option, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        twice(option)
    assert ended.value.code == 2
    assert f"argument {option[1].option_strings[-1]}: given twice: it takes one value" in capsys.readouterr().err


@pytest.mark.parametrize("option", LISTS, ids=name_of)
def test_lists_add_up(option: Option) -> None:
    assert getattr(twice(option), option[1].dest) == [value_of(option[1])] * 2


def test_areas_add_up_as_they_do_in_one_list() -> None:
    given = ["transfer", "county", "--out", "plan"]
    one_by_one = parser().parse_args([*given, "--area", "A1", "--area", "A2", "A3"])
    assert one_by_one == parser().parse_args([*given, "--area", "A1", "A2", "A3"])
    assert one_by_one.area == ["A1", "A2", "A3"]
    assert parser().parse_args(given).area == []


def test_what_was_given_is_forgotten_with_the_command_line() -> None:
    top = parser()
    given = ["transfer", "county", "--out", "plan", "--from", "C1"]
    assert top.parse_args(given) == top.parse_args(given)
    assert "_given" not in vars(top.parse_args(given))
