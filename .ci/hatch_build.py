"""While a wheel is built: what it runs with, as a bill of materials (CycloneDX), from the lock alone and without the network."""

from __future__ import annotations

import json
import re
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCK = "requirements.lock"
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
"""Of addresses (RFC 9562), from which the serial number is made: the same lock gives the same bill, byte for byte."""
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]*?))?\s*\\?$")
HASH = re.compile(r"^\s+--hash=sha256:([0-9a-f]{64})\s*\\?$")


class Locked(NamedTuple):
    """A library as it is locked. ``hashes``: SHA-256 of each file of it that may be installed; ``marker``: where it is needed."""

    name: str
    version: str
    marker: str = ""
    hashes: tuple[str, ...] = ()

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{normalised(self.name)}@{self.version}"


def normalised(name: str) -> str:
    """A library's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> Iterator[Locked]:
    """The libraries of a lock file, in its order. Raises ``ValueError`` for a line that is none, or a library without a hash."""
    found: list[Locked] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if found and (hashed := HASH.match(line)) is not None:
            found[-1] = found[-1]._replace(hashes=(*found[-1].hashes, hashed.group(1)))
        elif (pinned := PINNED.match(line)) is not None:
            found.append(Locked(pinned.group(1), pinned.group(2), (pinned.group(3) or "").strip()))
        else:
            raise ValueError(f"{LOCK}, line {number}: neither a pinned library nor a hash of one")
    if bare := [each.name for each in found if not each.hashes]:
        raise ValueError(f"{LOCK}: no hash of {', '.join(bare)}")
    yield from found


def bill_of_materials(project: dict[str, Any], lock: str) -> dict[str, Any]:
    """The bill, as CycloneDX 1.6 has it. ``project``: the table of this name in ``pyproject.toml``.

    The lock does not say which library needs which: what is told of that is what the project itself asks for.
    """
    libraries = sorted(locked(lock), key=lambda each: normalised(each.name))
    root = Locked(project["name"], project["version"]).purl
    asked = {normalised(re.split(r"[\s\[<>=!~;]", each, maxsplit=1)[0]) for each in _asked_for(project)}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, root + lock)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": root,
            }
        },
        "components": [_component(each) for each in libraries],
        "dependencies": [
            {"ref": root, "dependsOn": [each.purl for each in libraries if normalised(each.name) in asked]},
        ],
        "compositions": [{"aggregate": "incomplete", "dependencies": [root]}],
    }


def _asked_for(project: dict[str, Any]) -> list[str]:
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *extras["service"], *extras["gis"], *extras["letters"], *extras["build"]]


def _component(each: Locked) -> dict[str, Any]:
    marker = [{"name": "python:environment-marker", "value": each.marker}] if each.marker else []
    return {
        "type": "library",
        "bom-ref": each.purl,
        "name": each.name,
        "version": each.version,
        "purl": each.purl,
        "hashes": [{"alg": "SHA-256", "content": content} for content in each.hashes],
        **({"properties": marker} if marker else {}),
    }


def write_bill(root: Path) -> Path:
    """Write the bill of a checkout to its ``dist``; returns the file."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bill = bill_of_materials(project, (root / LOCK).read_text(encoding="utf-8"))
    file = root / "dist" / f"{project['name']}-{project['version']}.cdx.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
    return file


class CustomBuildHook(BuildHookInterface[Any]):
    """Called by the build; an editable install is none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the bill beside what is built."""
        if version != "editable":
            self.app.display_info(f"Bill of materials: {write_bill(Path(self.root)).name}")
