"""What a package, an image and a unit say of themselves: read as files, since nothing here can build or run one."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from optimiser.__main__ import CLUSTER, GIS, LETTERS, SERVICE

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FILES = ROOT / "optimiser" / "handbook" / "pages" / "files"
COMES_WITH = {
    "markupsafe": "jinja2",
    "starlette": "fastapi",
    "anyio": "fastapi",
    "cryptography": "pyjwt",
    "pydantic-core": "pydantic",
}
"""Libraries that are used, and come with one that is named."""


def names_of(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(each).name) for each in requirements}


def pins(lock: str) -> dict[str, str]:
    """The version of each library of a lock."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)(?:\[[a-z,]+\])?==(\S+)", text, re.MULTILINE))


EXTRAS = PROJECT["optional-dependencies"]
ENGINE = names_of(PROJECT["dependencies"])
SERVED = names_of(EXTRAS["service"])
MAPPED = names_of(EXTRAS["gis"])
SET = names_of(EXTRAS["letters"])
CLUSTERED = names_of(EXTRAS["cluster"])


def distributions_imported(package: str) -> dict[str, set[str]]:
    """The distributions that the modules of a package import, each with the files that do. Imports for types alone are none."""
    known = packages_distributions()
    found: dict[str, set[str]] = {}
    for file in (ROOT / package).rglob("*.py"):
        if "handbook" in file.parts:
            continue  # it is built by the set-up, and no part of a run
        tree = ast.parse(file.read_text(encoding="utf-8"))
        typed = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
        skipped = {id(inner) for block in typed for inner in ast.walk(block)}
        for node in ast.walk(tree):
            if id(node) in skipped or not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            named = [name.name for name in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for module in {name.partition(".")[0] for name in named} & known.keys():
                owner = canonicalize_name(known[module][0])
                found.setdefault(COMES_WITH.get(owner, owner), set()).add(str(file.relative_to(ROOT)))
    return found


def test_the_engine_needs_what_it_imports_and_the_service_the_rest() -> None:
    engine = distributions_imported("optimiser")
    of_the_service = engine.keys() - ENGINE - {"optimiser"}
    assert of_the_service <= {"uvicorn"} | MAPPED | SET | CLUSTERED, {name: engine[name] for name in of_the_service}
    service = distributions_imported("api").keys() - {"optimiser"}
    assert service <= ENGINE | SERVED, service - ENGINE - SERVED
    used = service | engine.keys()
    assert used | {"tzdata", "psycopg"} >= ENGINE | SERVED | MAPPED | SET, "needed by nothing"


def test_the_metadata_has_ranges_and_the_locks_pins_within_them() -> None:
    required = [Requirement(each) for each in (*PROJECT["dependencies"], *EXTRAS["service"], *EXTRAS["gis"], *EXTRAS["letters"])]
    clustered = [Requirement(each) for each in EXTRAS["cluster"]]
    for each in (*required, *clustered):
        assert all(part.operator in (">=", "<") for part in each.specifier), each
        assert any(part.operator == ">=" for part in each.specifier), each
    assert pins("requirements.lock").items() <= pins("requirements-cluster.lock").items()
    for lock, needs in {
        "requirements.lock": required,
        "requirements-tests.lock": required,
        "requirements-cluster.lock": [*required, *clustered],
    }.items():
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert not re.search(r"://|--(extra-)?index-url|--find-links", text), lock
        pinned = pins(lock)
        assert text.count("==") - text.count(" == ") >= len(pinned) > 40
        for each in needs:
            assert each.specifier.contains(pinned[canonicalize_name(each.name)]), (lock, each)


def test_a_wheel_holds_the_handbook_that_the_set_up_built() -> None:
    wheel = WheelBuilder(str(ROOT)).config
    for name in ("site/index.html", "site/css/handbook.css", "templates/rule.py", "mkdocs.yml"):
        path = f"optimiser/handbook/{name}"
        assert wheel.path_is_artifact(path) == name.startswith("site/"), path
        assert wheel.include_path(path, is_package=True), path
    assert "/optimiser/handbook/site/" in (ROOT / ".gitignore").read_text(encoding="utf-8")


def test_the_metadata_says_where_it_runs_and_invents_no_address() -> None:
    assert "Operating System :: POSIX :: Linux" in PROJECT["classifiers"]
    assert "Typing :: Typed" in PROJECT["classifiers"]
    assert "urls" not in PROJECT


BLOCKED = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
from optimiser.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def without(names: frozenset[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    code = BLOCKED.format(names=set(names))
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)


def test_the_engine_runs_without_the_service_the_maps_what_sets_letters_and_clusters(tmp_path: Path) -> None:
    done = without(
        SERVICE | GIS | LETTERS | CLUSTER, "allocate", "data/three_villages", "--out", str(tmp_path / "out"), "--quiet"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [["serve"], ["load", "data/three_villages"], ["nightly", "--out", "{out}"], ["keys", "list"]])
def test_a_command_of_the_service_says_what_to_install(command: list[str], tmp_path: Path) -> None:
    done = without(SERVICE, *(each.replace("{out}", str(tmp_path / "nights")) for each in command))
    assert done.returncode == 2
    assert done.stderr == f"Refused: 'optimiser {command[0]}' needs the service: pip install 'optimiser[service]'.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("areas", "import", "{map}", "--id", "a", "--name", "b", "--out", "{out}"),
        ("areas", "check", "data/three_villages", "--out", "{out}"),
    ],
    ids=lambda words: words[1],
)
def test_a_command_of_maps_says_what_to_install(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "map.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    places = {"{map}": str(tmp_path / "map.geojson"), "{out}": str(tmp_path / "out")}
    done = without(GIS, *(places.get(each, each) for each in words))
    assert done.returncode == 2
    assert done.stderr == f"Refused: 'optimiser {words[0]}' needs geopandas: pip install 'optimiser[gis]'.\n"
    assert not (tmp_path / "out").exists()


def test_a_command_that_sets_letters_says_what_to_install_before_it_plans(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = without(LETTERS, "transfer", "data/three_villages", "--from", "P-ALDER", "--letters", "pdf", "--out", str(out))
    assert done.returncode == 2
    assert done.stderr == "Refused: 'optimiser transfer' needs WeasyPrint: pip install 'optimiser[letters]'.\n"
    assert not out.exists()


def instructions(file: str = "Dockerfile") -> list[tuple[str, str]]:
    text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def test_the_image_has_an_exact_base_that_can_be_named_and_a_numeric_user() -> None:
    found = instructions()
    assert re.fullmatch(r"BASE=python:\d+\.\d+\.\d+-slim-\w+", found[0][1])
    assert [rest for name, rest in found if name == "FROM"] == ["${BASE} AS build", "${BASE}"]
    assert [rest for name, rest in found if name == "USER"] == ["10001:10001"]
    built = [rest for name, rest in found if name == "RUN"]
    assert any("rounds build" in rest and "data/three_villages" in rest for rest in built), "compiled code is not warmed"
    compiled = [rest for name, rest in found if name == "ENV" and "NUMBA_CACHE_DIR" in rest]
    assert len(set(compiled)) == 1
    assert len(compiled) == 2, "what is compiled is found again only under the same name"
    assert ("COPY", "--from=build --chown=10001:10001 /opt/compiled /opt/compiled") in found


def test_everything_that_the_image_copies_is_there_and_let_in() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    for name, rest in instructions():
        if name == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert source in let_in, source


def test_the_compose_file_has_a_database_and_a_service_that_waits_for_it() -> None:
    made: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    database, service = made["services"]["database"], made["services"]["optimiser"]
    assert re.fullmatch(r"\$\{POSTGRES_IMAGE:-postgres:\d+\.\d+-\w+\}", database["image"])
    assert service["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert service["environment"]["DATABASE_URL"] == "postgresql+psycopg://optimiser@database/optimiser"
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    (volume,) = service["volumes"]
    name, _, place = volume.partition(":")
    assert name in made["volumes"] and name not in str(database["volumes"])
    assert service["environment"]["OPTIMISER_HEAD_FILE"].startswith(f"{place}/")
    secrets = [value for each in (database, service) for name, value in each["environment"].items() if "PASSWORD" in name]
    assert all(value.startswith("${DATABASE_PASSWORD:?") for value in secrets)
    assert len(secrets) == 2


@pytest.mark.parametrize("unit", sorted(FILES.glob("*.service"), key=str), ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_that_exists_as_an_ordinary_user(unit: Path) -> None:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read(unit, encoding="utf-8")
    service = read["Service"]
    assert service["User"] not in ("", "root")
    assert service["UMask"] == "0077"
    program, command, *_ = service["ExecStart"].split()
    assert program == "/opt/optimiser/bin/optimiser"
    from optimiser.commands import parser

    options = parser().parse_args([command, *service["ExecStart"].split()[2:]])
    assert options.command == command


def test_the_units_and_the_job_count_the_exit_codes_that_are_no_failure() -> None:
    nightly = (FILES / "optimiser-nightly.service").read_text(encoding="utf-8")
    assert "SuccessExitStatus=3 6 7\n" in nightly
    job = yaml.safe_load((FILES / "nightly-cronjob.yaml").read_text(encoding="utf-8"))
    container = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    assert "3|6|7) exit 0" in container["command"][2]
