"""The commissioner's notebook, cell by cell as a notebook runs it, on the three villages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from optimiser.handbook import HERE, ROOT

NOTEBOOK: dict[str, Any] = json.loads((HERE / "pages" / "files" / "commissioner.ipynb").read_text(encoding="utf-8"))


def test_every_cell_runs_and_draws_its_figure(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "three_villages", tmp_path / "data" / "three_villages")
    cells = ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPTIMISER_")}
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:__main__", "-c", "\n\n".join(cells)],
        cwd=tmp_path,
        env=kept | {"MPLBACKEND": "Agg", "MPLCONFIGDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "£2,122.00 a week for what is placed" in done.stdout
    assert "unmet_urgent weighted minutes a week" in done.stdout
    told = {" ".join(line.split()) for line in done.stdout.splitlines()}
    assert "Alder Home Care 2 55.0 50.0" in told
    assert "Larkmere and Villages 1 Alder Home Care 2" in told
    for figure in ("tiers.png", "shares.png", "failures.png"):
        assert (tmp_path / figure).read_bytes().startswith(b"\x89PNG")


def test_no_result_of_a_run_is_kept_in_it() -> None:
    assert all(
        not cell["outputs"] and cell["execution_count"] is None for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"
    )
