"""The roles by name, and what each is for."""

from __future__ import annotations

VIEWER, PLANNER, TRANSITION, JOB, ADMIN = "viewer", "planner", "transition", "job", "admin"

ROLES = {
    VIEWER: "areas and counts only; counts of people under five are not shown",
    PLANNER: "sources care: reads everything, records offers and answers, starts runs, applies proposals",
    TRANSITION: "plans transfers: reads everything, starts runs, applies transfers",
    JOB: "a program: starts runs and reads their results, never applies anything",
    ADMIN: "a planner who also changes contracts' maxima, keys and settings",
}
"""The roles of people and programs. Nobody has another."""

SERVICE = "service"
"""The service itself, such as its clock: no key and no token has it."""

EVERY_ROLE = (*ROLES, SERVICE)
