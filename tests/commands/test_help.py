"""Help: every command says what it is for and shows a command line that can be read; all of it at once."""

from __future__ import annotations

import importlib
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import Settings
from optimiser import commands
from optimiser.__main__ import main
from optimiser.commands import files_in, in_order, parser
from optimiser.commands.shared.parsing import Parser
from tests.commands.running import run


def commands_below(top: Parser, before: str = "") -> Iterator[tuple[str, Parser]]:
    """Every command and every action of one: ``rounds``, ``rounds build``."""
    for action in top._actions:
        for name, command in action.choices.items() if isinstance(action.choices, dict) else ():
            yield before + name, command
            yield from commands_below(command, f"{before}{name} ")


EVERY = dict(commands_below(parser()))


def test_every_file_of_the_package_is_a_command() -> None:
    tops = [name for name in EVERY if " " not in name]
    assert sorted(tops) == list(files_in(commands.__path__))
    assert tops[:4] == ["check", "allocate", "reoptimise", "nightly"]
    assert [name for name in EVERY if name.startswith("rounds ")] == ["rounds build", "rounds judge", "rounds fit"]


def test_what_is_no_module_is_no_command(tmp_path: Path) -> None:
    for name in ("shared", "one", "__pycache__"):
        (tmp_path / name).mkdir()
    for name in ("__init__.py", "one/__init__.py", "shared/__init__.py", "two.py", "notes.txt"):
        (tmp_path / name).touch()
    assert files_in([str(tmp_path)]) == {"one": f"{tmp_path}/one/__init__.py", "two": f"{tmp_path}/two.py"}


def test_the_list_says_of_a_command_what_its_file_says() -> None:
    for package in ("optimiser.commands", "optimiser.commands.rounds"):
        files = files_in(importlib.import_module(package).__path__)
        loaded = {name: importlib.import_module(f"{package}.{name}") for name in files}
        by_order = sorted(loaded, key=lambda name: int(loaded[name].ORDER))
        assert list(in_order(files).items()) == [(name, loaded[name].SUMMARY) for name in by_order]


def test_two_commands_in_one_place_are_an_error_and_so_is_one_without(tmp_path: Path) -> None:
    def command(name: str, top: str) -> dict[str, str]:
        file = tmp_path / f"{name}.py"
        file.write_text(f'"""Something."""\n\nORDER = {top}\n', encoding="utf-8")
        return {name: str(file)}

    one, two = command("one", '20\nSUMMARY = "counts"'), command("two", '20\nSUMMARY = "tells"')
    first = command("first", '10  # before all\nSUMMARY = "what it is"')
    assert list(in_order(one | first).items()) == [("first", "what it is"), ("one", "counts")]
    with pytest.raises(ValueError, match="one and two have one ORDER: 20"):
        in_order(one | first | two)
    with pytest.raises(ValueError, match=r"silent\.py: expected a line ORDER"):
        in_order(one | command("silent", "30"))


@pytest.mark.parametrize("name", EVERY)
def test_every_command_says_what_it_is_for_with_an_example_that_can_be_read(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = EVERY[name]
    assert command.about().endswith((".", "?")), "a sentence"
    assert command.example
    for line in command.example.splitlines():
        program, *words = shlex.split(line)
        assert program == "optimiser"
        assert line.startswith(f"optimiser {name}"), "the example is of this very command"
        assert callable(parser().parse_args(words).run)
    with pytest.raises(SystemExit) as ended:
        main([*name.split(), "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert command.example.splitlines()[0] in said
    assert " ".join(command.about().split())[:40] in " ".join(said.split())


@pytest.mark.parametrize("name", ["allocate", "rounds", "rounds build", "feasible", "keys create", ""])
def test_help_with_a_name_is_that_commands_own_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as one:
        main(["help", *name.split()])
    by_help = capsys.readouterr()
    with pytest.raises(SystemExit) as other:
        main([*name.split(), "--help"])
    assert capsys.readouterr() == by_help
    assert one.value.code == other.value.code == 0
    assert by_help.out.startswith(f"usage: optimiser {name}".rstrip())


def test_help_for_what_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["help", "conquer"])
    assert ended.value.code == 2
    assert "invalid choice: 'conquer'" in capsys.readouterr().err


def test_the_help_of_serve_lists_every_setting_with_default_and_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    lines = capsys.readouterr().out.splitlines()
    for name, field in Settings.model_fields.items():
        setting = str(field.validation_alias or f"OPTIMISER_{name.upper()}")
        (at,) = (place for place, line in enumerate(lines) if line.startswith(f"  {setting} (default: "))
        assert lines[at + 1].startswith("      "), f"{setting} says what it is for"
    assert "  OPTIMISER_PORT (default: 8000)" in lines
    assert "  OPTIMISER_OIDC_ISSUER (default: not given)" in lines


def test_without_the_service_the_help_of_serve_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for loaded in ("optimiser.handbook.generating.settings_pages", "api.settings"):
        monkeypatch.delitem(sys.modules, loaded, raising=False)
    monkeypatch.setitem(sys.modules, "pydantic_settings", None)
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--help"])
    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "pip install 'optimiser[service]'" in said
    assert "OPTIMISER_PORT" not in said


HEAVY = {
    *("dataclasses", "inspect", "json", "pathlib", "fastapi", "geopandas", "networkx", "numba", "numpy", "ortools", "pandas"),
    *("pydantic", "pyogrio", "shapely", "shtab", "sqlalchemy", "weasyprint"),
}


def loaded_by(*words: str) -> list[str]:
    """Every module that a command line loads."""
    script = (
        "import sys\n"
        "from optimiser.__main__ import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True)
    return ran.stderr.split()


def test_help_loads_no_command_and_nothing_of_what_they_run() -> None:
    loaded = loaded_by("--help")
    ours = {name for name in loaded if name.startswith(("optimiser", "api"))}
    both = {"optimiser.commands.shared", "optimiser.commands.shared.parsing", "optimiser.exits", "optimiser.version"}
    assert ours == {"optimiser", "optimiser.__main__", "optimiser.commands", *both}
    assert not HEAVY.intersection(loaded)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("check data/three_villages", {"check"}),
        ("serve --help", {"serve"}),
        ("rounds --help", {"rounds"}),
        ("rounds fit --help", {"rounds", "rounds.fit"}),
    ],
)
def test_a_command_loads_no_other_command(words: str, named: set[str]) -> None:
    loaded = loaded_by(*words.split())
    found = (name.partition("optimiser.commands.")[2] for name in loaded)
    assert {name for name in found if name and not name.startswith("shared")} == named
    assert "--help" not in words or not {"numpy", "ortools", "pandas", "fastapi"}.intersection(loaded)


@pytest.mark.parametrize(
    "words",
    ["check data/three_villages", "allocate data/three_villages --out {out} --quiet", "areas check --help", "export --help"],
)
def test_what_is_no_map_loads_neither_geopandas_nor_networkx(words: str, tmp_path: Path) -> None:
    loaded = loaded_by(*words.replace("{out}", str(tmp_path / "out")).split())
    assert "optimiser.commands" in loaded
    assert not {"geopandas", "pyogrio", "networkx"}.intersection(loaded)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_knows_every_command_and_option(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "completion", shell)
    assert (ran.code, ran.err) == (0, "")
    for name, command in EVERY.items():
        assert name.split()[-1] in ran.out
        for action in command._actions:
            assert all(option in ran.out for option in action.option_strings), name
    if shell == "bash":
        script = tmp_path / "completion"
        script.write_text(ran.out, encoding="utf-8")
        asked = (
            f"source {script}; COMP_WORDS=(optimiser allocate --wall); COMP_CWORD=2; _shtab_optimiser optimiser --wall allocate"
        )
        done = subprocess.run(["bash", "-c", f"{asked}; echo ${{COMPREPLY[*]}}"], capture_output=True, text=True, check=True)
        assert done.stdout == "--wall-seconds\n"


def test_completion_for_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["completion", "fish"])
    assert ended.value.code == 2
    assert "invalid choice: 'fish'" in capsys.readouterr().err
