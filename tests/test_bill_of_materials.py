"""The bill of materials of the build: every library of the lock with its hashes, the same each time, and nothing guessed."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import tomllib
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent
HOOK = runpy.run_path(str(ROOT / ".ci" / "hatch_build.py"))
bill_of_materials, locked, write_bill = HOOK["bill_of_materials"], HOOK["locked"], HOOK["write_bill"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ONE, TWO = "1" * 64, "2" * 64
SMALL = f"""# a remark
Some_Thing==1.0 ; python_version >= '3.12' \\
    --hash=sha256:{ONE} \\
    --hash=sha256:{TWO}
numpy==2.5.5 \\
    --hash=sha256:{TWO}
"""


def test_a_small_lock_worked_by_hand() -> None:
    project = {
        "name": "mine",
        "version": "3",
        "description": "An example",
        "license": "MIT",
        "dependencies": ["numpy>=2,<3"],
        "optional-dependencies": {"service": [], "gis": [], "letters": [], "build": [], "tests": ["some-thing"]},
    }
    bill = bill_of_materials(project, SMALL)
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", bill["serialNumber"])
    assert bill["metadata"]["component"]["purl"] == "pkg:pypi/mine@3"
    numpy, other = bill["components"]
    assert (numpy["purl"], numpy["hashes"]) == ("pkg:pypi/numpy@2.5.5", [{"alg": "SHA-256", "content": TWO}])
    assert (other["purl"], [each["content"] for each in other["hashes"]]) == ("pkg:pypi/some-thing@1.0", [ONE, TWO])
    assert other["properties"] == [{"name": "python:environment-marker", "value": "python_version >= '3.12'"}]
    assert bill["dependencies"] == [{"ref": "pkg:pypi/mine@3", "dependsOn": ["pkg:pypi/numpy@2.5.5"]}]


def test_every_library_of_the_lock_is_in_it_with_every_hash() -> None:
    components = bill_of_materials(PROJECT, LOCK)["components"]
    assert [f"{each['name']}=={each['version']}" for each in components] == sorted(
        re.findall(r"^[a-z0-9.-]+==[^\s;\\]+", LOCK, re.MULTILINE), key=lambda pin: pin.partition("==")[0]
    )
    assert sum(len(each["hashes"]) for each in components) == LOCK.count("--hash=sha256:")
    assert len({each["bom-ref"] for each in components}) == len(components)


@pytest.mark.parametrize("wrong", ["numpy>=2\n", "numpy==2.5.5\n", f"    --hash=sha256:{ONE}\n", "--index-url=elsewhere\n"])
def test_a_lock_that_does_not_pin_stops_the_build(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"requirements\.lock"):
        list(locked(wrong))


def test_a_build_writes_it_to_dist_the_same_each_time(tmp_path: Path) -> None:
    assert "custom" in WheelBuilder(str(ROOT)).get_build_hooks(str(tmp_path)), "the build of a wheel calls it"
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    first = write_bill(tmp_path).read_bytes()
    assert write_bill(tmp_path) == tmp_path / "dist" / f"optimiser-{PROJECT['version']}.cdx.json"
    assert write_bill(tmp_path).read_bytes() == first
    assert json.loads(first)["components"]
    assert b"://" not in first.replace(b"http://cyclonedx.org/schema", b""), "it names no registry"
