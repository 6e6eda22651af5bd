"""The roles by name, and what each is for."""

from __future__ import annotations

from collections.abc import Iterable

VIEWER, PLANNER, TRANSITION, JOB, ADMIN = "viewer", "planner", "transition", "job", "admin"
CONTRACTS, QUALITY, FINANCE, SOCIAL_WORK, AUDITOR = "contracts", "quality", "finance", "social_work", "auditor"
PROVIDER = "provider"

ROLES = {
    VIEWER: "areas and counts only, those of the day's close; counts of people under five are not shown",
    PLANNER: "sources care: reads everything, records offers and answers, starts runs, applies proposals",
    TRANSITION: "plans transfers: reads everything, starts runs, applies transfers",
    CONTRACTS: "keeps contracts, prices, providers, offices, areas, surgeries, rounds, reserve; told what a rating would change",
    QUALITY: "assesses providers, keeps ratings, locations and restrictions",
    FINANCE: "reads costs and contracts, keeps prices; takes records of visits, and reads whose they are",
    SOCIAL_WORK: "alone records who is protected and who may move",
    AUDITOR: "reads the audit trail, without people",
    JOB: "a program: starts runs, reads the levels and proposals of its own without reasons, never applies anything",
    ADMIN: "keys, tables and settings, and what all others may but for decisions of social work",
    PROVIDER: "somebody at one provider: what is that provider's own alone, its offers first, which it answers",
}
"""The roles of people and programs. Nobody has another; who has several may do what any of them may."""

COUNCIL = tuple(role for role in ROLES if role != PROVIDER)
"""The roles of the council and its programs: whoever is at a provider has none of these beside theirs."""

SERVICE = "service"
"""The service itself, such as its clock: no key and no token has it."""

EVERY_ROLE = (*ROLES, SERVICE)


def ours(words: Iterable[object]) -> tuple[str, ...]:
    """The roles among some words, whole and in our spelling, each once and in the order above; other words mean nothing here."""
    given = list(words)
    return tuple(role for role in ROLES if role in given)


def bound(roles: tuple[str, ...], provider_id: str) -> tuple[str, ...]:
    """The roles that somebody has who is bound to a provider, or to none (""); none at all where the two do not fit.

    Whoever is at a provider is nobody else here, and the role means nothing without the provider that it is bound to.
    """
    if PROVIDER in roles:
        return roles if roles == (PROVIDER,) and provider_id else ()
    return () if provider_id else roles
