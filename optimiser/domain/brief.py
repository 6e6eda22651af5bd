"""What a run is asked to do: the part of the county that it is for, and what a named person has settled for it beforehand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

WAITING = "waiting"
"""How files and command lines write that a package stays waiting."""


@dataclass(frozen=True, slots=True)
class Part:
    """Ids, sorted; nothing named at all is the whole county.

    Whose care is decided on: what is in a named area, a named package, or runs in a named round; everybody's, where none of these
    is named. With ``providers`` new care may be placed with them alone, and of running care only what they deliver may move.
    """

    areas: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Part: {len(self.areas)} areas, {len(self.packages)} packages, {len(self.rounds)} rounds, {self.providers}>"

    def __bool__(self) -> bool:
        return self.names_people or bool(self.providers)

    @property
    def names_people(self) -> bool:
        """Whether it is for some people's care alone."""
        return bool(self.areas or self.packages or self.rounds)


@dataclass(frozen=True, slots=True)
class Brief:
    """A run's brief; an empty one is the whole county with nothing settled."""

    part: Part = Part()
    pins: Mapping[str, str | None] = field(default_factory=dict)
    """Per package id the contract that it is to be on; None: it stays waiting."""

    def __repr__(self) -> str:
        return f"<Brief for {self.part!r} with {len(self.pins)} pins>"

    def __bool__(self) -> bool:
        return bool(self.part) or bool(self.pins)

    def without_pins_of(self, packages: Collection[str]) -> Brief:
        """The same, with these packages left to the run."""
        return replace(self, pins={package: contract for package, contract in self.pins.items() if package not in packages})
