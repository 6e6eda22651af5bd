"""``optimiser rounds build | judge | fit``."""

from __future__ import annotations

import argparse
import importlib


def run(options: argparse.Namespace) -> int:
    """Each has a file of its own."""
    return int(importlib.import_module(f"optimiser.commands.rounds_{options.rounds_command}").run(options))
