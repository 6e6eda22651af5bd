"""The fewest steps at which something holds: between steps that failed and steps that held, until these are neighbours."""

from __future__ import annotations

FIRST_STRIDE = 20
"""The first step away from a guess is a twentieth of it; each further one twice the one before."""


class Bracket:
    """A search over whole steps. ``top`` is known to hold, or is the most that is tried; nothing below ``least`` is asked."""

    def __init__(self, least: int, top: int, guess: int) -> None:
        self.fails, self.holds = least - 1, max(least, top)
        self.tried: dict[int, bool] = {}
        self._guess = guess
        self._stride = max(1, guess // FIRST_STRIDE)

    def __repr__(self) -> str:
        return f"<Bracket: above {self.fails}, up to {self.holds}>"

    @property
    def is_closed(self) -> bool:
        return self.holds - self.fails <= 1

    def next(self) -> int:
        """What to try next: the guess, then away from it until both sides are known, then the middle. Closed: what was found."""
        if self.is_closed:
            return self.holds
        if not self.tried:
            aim = self._guess
        elif all(self.tried.values()):
            aim = self.holds - self._stride
        elif not any(self.tried.values()):
            aim = self.fails + self._stride
        else:
            aim = (self.fails + self.holds) // 2
        return min(max(aim, self.fails + 1), self.holds - 1)

    def told(self, steps: int, *, holds: bool) -> None:
        """What came of trying; what lies outside of the bracket says nothing new."""
        if not self.fails < steps < self.holds:
            return
        if self.tried:
            self._stride *= 2
        self.tried[steps] = holds
        if holds:
            self.holds = steps
        else:
            self.fails = steps
