"""The handbook: pages written by hand, reference made from the code, three templates. ``mkdocs build`` puts them together.

No run of the engine or the service imports anything here; the service hands out what was built (``site``).
"""

from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
"""The checkout: the handbook is built from it, never from an installed package."""
