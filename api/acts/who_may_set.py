"""Which role somebody uses for what they write, where a record's columns are not all the same role's to keep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from api.http.errors import Problem
from api.storage.audit import Actor


def actors_of(actor: Actor, may: Mapping[str, Collection[str]], given: Iterable[str]) -> dict[Actor, tuple[str, ...]]:
    """What is given, by the person in each of the roles that they use for it: one role where one may set all of it.

    ``may``: per role what it may set. Raises the problem ``forbidden`` with everything that no role of theirs may set.
    """
    given = sorted(given)
    held = [role for role in actor.roles if role in may]
    for role in held:
        if set(given) <= set(may[role]):
            return {actor.using(role): tuple(given)}
    barred = [name for name in given if not any(name in may[role] for role in held)]
    if barred:
        told = [f"{name} needs the role {' or '.join(role for role in may if name in may[role])}" for name in barred]
        raise Problem("forbidden", f"{'; '.join(told)}; you have {', '.join(actor.roles)}.")
    used = {name: next(role for role in held if name in may[role]) for name in given}
    return {actor.using(role): tuple(name for name in given if used[name] == role) for role in held if role in used.values()}
