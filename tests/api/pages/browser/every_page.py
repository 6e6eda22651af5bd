"""Every page with the role that uses it: a line for each, and it is tried in a real browser. A test finds a page without one."""

from __future__ import annotations

from typing import NamedTuple

from tests.api.pages.kept_accounts import STATEMENTS
from tests.api.pages.kept_runs import id_of


class Shown(NamedTuple):
    """A page in a state. ``role``: who reads it, "" where nobody is signed in; ``in_all_modes``: on a phone and so on."""

    address: str
    role: str
    in_all_modes: bool = False
    status: int = 200


PAGES = (
    Shown("/sign-in", "", in_all_modes=True),
    Shown("/waiting", "", status=401),
    Shown("/signed-out", ""),
    Shown("/accessibility", ""),
    Shown("/waiting", "planner", in_all_modes=True),
    Shown("/waiting?priority=urgent&where=accepted", "planner"),
    Shown("/people/N4", "planner", in_all_modes=True),
    Shown("/people/N7", "planner"),
    Shown("/people/N6?list=waiting", "planner"),
    Shown("/people/R1", "planner"),
    Shown("/people/R3", "transition"),
    Shown("/people/N4/needs", "planner"),
    Shown("/people/N4/divide", "planner"),
    Shown("/people/N4/history", "transition"),
    Shown("/people/N7/offers/OF2/message", "planner"),
    Shown("/people/N7/offers/OF2/part", "planner"),
    Shown("/new-request", "planner"),
    Shown("/alerts", "planner"),
    Shown("/offers", "planner"),
    Shown("/find?package=N", "planner"),
    Shown("/hospital-notices", "social_work"),
    Shown("/hospital-notices/new", "planner"),
    Shown("/approve-price", "contracts"),
    Shown("/questions", "planner"),
    Shown("/questions/new?package=N4", "planner"),
    Shown("/questions/Q-FAMILY", "planner"),
    Shown("/questions/Q-ALDER", "contracts"),
    Shown("/decisions", "social_work"),
    Shown("/decisions/people/R1", "social_work"),
    Shown("/people/N4", "viewer", status=403),
    Shown("/people/nobody", "planner", status=404),
    Shown("/plans", "planner"),
    Shown("/plans/new/relieve", "planner"),
    *(Shown(f"/plans/new/{kind}", "planner") for kind in ("tonight", "feasible")),
    Shown("/plans/new/compare", "admin"),
    Shown(f"/plans/{id_of('waits')}", "planner"),
    Shown(f"/plans/{id_of('allocate')}", "planner"),
    Shown(f"/plans/{id_of('reoptimise')}", "transition"),
    *(
        Shown(f"/plans/{id_of(name)}", "planner")
        for name in ("nightly", "tonight", "bridge", "stress", "relieve", "hand_back", "compare", "feasible")
    ),
    Shown(f"/plans/{id_of('nightly')}?offers=1", "planner"),
    Shown("/night", "planner"),
    Shown("/transfers", "transition"),
    Shown("/what-if", "planner"),
    Shown(f"/plans/{id_of('reoptimise')}/people/N6", "planner"),
    Shown("/areas", "planner", in_all_modes=True),
    Shown("/areas?sort=share", "viewer"),
    Shown("/areas/A1", "planner", in_all_modes=True),
    Shown("/areas/A1", "viewer"),
    Shown("/fairness?since=2026-10-01", "planner"),
    Shown("/fairness", "viewer"),
    Shown("/published/fairness", ""),
    Shown("/providers", "planner"),
    Shown("/providers", "social_work"),
    Shown("/providers/ALDER", "contracts"),
    Shown("/providers/BRACKEN", "quality"),
    Shown("/providers/ALDER/contact", "social_work"),
    Shown("/providers/BRACKEN/free-hours", "planner"),
    Shown("/providers/BRACKEN/on-call", "contracts"),
    Shown("/offers/OF2/answer-by", "planner"),
    Shown("/free-hours", "contracts"),
    Shown("/assessments/new?of=DOCK", "quality"),
    *(Shown(f"/records/{kind}/new?of=DOCK", "admin") for kind in ("contracts", "restrictions", "offices", "locations")),
    Shown("/records/rates/new?of=L-DOCK", "finance"),
    Shown("/records/providers/DOCK/change", "admin"),
    Shown("/records/contracts/L-DOCK/change", "finance"),
    Shown("/records/contracts/L-DOCK/end", "contracts"),
    Shown("/records/restrictions/X1/change", "quality"),
    Shown("/records/contracts/L-DOCK/extend", "contracts"),
    Shown("/records/contracts/L-DOCK/end-early", "contracts"),
    Shown("/records/contracts/P-ALDER/award-anew", "contracts"),
    Shown("/records/contracts/P-ALDER/withdraw", "contracts"),
    Shown("/records/areas/A1/go-live", "contracts"),
    Shown("/administration/keys", "admin"),
    Shown("/administration/sessions", "planner"),
    Shown("/administration/audit", "auditor"),
    Shown("/administration/settings", "admin"),
    Shown("/administration/forgetting", "admin"),
    Shown("/administration/take-in", "contracts"),
    Shown("/administration/telling", "admin"),
    Shown("/accounts", "finance"),
    Shown("/accounts", "contracts"),
    Shown("/accounts/book", "contracts"),
    Shown("/accounts/incentive-periods", "contracts"),
    Shown("/accounts/incentive-periods/IP0001", "finance"),
    Shown("/accounts/odd", "finance"),
    Shown("/accounts/queries", "finance"),
    Shown("/accounts/periods", "contracts"),
    Shown("/accounts/periods", "viewer"),
    Shown("/deliveries", "admin"),
    Shown("/deliveries", "quality"),
    Shown("/deliveries?kind=missed", "finance"),
    Shown(f"/accounts/{STATEMENTS['ALDER']}", "finance"),
    Shown(f"/accounts/{STATEMENTS['DOCK']}", "admin"),
    Shown("/accounts/none-such", "finance", status=404),
    Shown("/own/accounts", "provider"),
    Shown(f"/own/accounts/{STATEMENTS['ALDER']}", "provider"),
    Shown("/own/offers", "provider"),
    Shown("/own/offers/OF2", "provider"),
    Shown("/own/care", "provider"),
    Shown("/own/contracts", "provider"),
    Shown("/own/questions", "provider"),
    Shown("/own/questions/new", "provider"),
    Shown("/own/questions/Q-ALDER", "provider"),
    Shown("/own/transfers", "provider"),
    Shown(f"/own/transfers/{id_of('transfer')}", "provider"),
    Shown("/own/statements", "provider"),
    Shown("/own/statements/2026-10", "provider"),
    Shown("/providers/ALDER/statements", "contracts"),
    Shown("/providers/ALDER/statements/2026-10", "planner"),
    Shown("/own/on-call", "provider"),
    Shown("/own/free-hours", "provider"),
    Shown("/own/offers/none-such", "provider", status=404),
    Shown("/waiting", "provider", status=403),
    Shown("/what-i-may-do", "planner"),
    Shown("/nothing", "planner", status=404),
)
"""Of the three villages. Six at most are tried in all modes: those that differ most."""

LEAD_ON = {
    "/",
    "/assets/{digest}/{name}",
    "/sign-in/directory",
    "/text-size/{size}",
    "/county-version",
    "/sign-in/directory/back",
    "/plans/{run_id}/levels",
    "/plans/{run_id}/events",
    "/plans/{run_id}/paper",
    "/plans/{run_id}/people/{package_id}/letter.{ending}",
    "/accounts/book/{name}",
    "/accounts/periods/increments.svg",
    "/accounts/{statement_id}/statement.xlsx",
    "/own/accounts/{statement_id}/statement.xlsx",
}
"""Addresses that show no page of their own."""
SAME_FORM = {
    *(f"/records/{kind}/{{record_id}}/change" for kind in ("rates", "offices", "locations")),
    *(f"/records/{kind}/{{record_id}}/end" for kind in ("providers", "rates", "restrictions", "offices", "locations")),
}
"""The form of another kind of record, with fewer of its fields."""
OF_ONE_KEY = {
    "/plans/{run_id}/providers",
    "/administration/keys/{key_id}/end",
    *(f"/assessments/{{assessment_id}}/{step}" for step in ("draft", "send", "correct", "answer", "fix", "publish", "withdraw")),
}
"""A test of its own opens it: the id is of a key, of an assessment, or of a transfer's plan, that is made there."""
