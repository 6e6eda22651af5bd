"""Every route with every role, from the OpenAPI document, against what may be: written here by hand, apart from the code."""

from __future__ import annotations

import re

import httpx
import pytest

from api.security.roles import ROLES
from tests.api.conftest import Served

EVERYBODY = {"viewer", "planner", "transition", "contracts", "quality", "finance", "social_work", "auditor", "job", "admin"}
CARE = {"planner", "transition", "admin"}
STARTERS = {"planner", "transition", "job", "admin"}
SOURCING = {"planner", "admin"}
KEEPING = {"contracts", "admin"}
MARKET = CARE | {"contracts", "quality"}

OWN = {"provider"}

MOST: list[tuple[str, str, set[str]]] = [
    # Viewers: areas and counts only, and what tells of nobody. Jobs: start runs and read them, never apply.
    # Somebody at a provider reads and answers what is its own, and may do nothing else but ask who they are.
    (r"get|post|put", r"/v1/own/.*", OWN),
    (r"get", r"/v1/me", EVERYBODY | OWN),
    # Free hours tell of nobody. Where a provider's answers disagree with them, contract officers tell it first.
    (r"get", r"/v1/capacity-returns(/\{provider_id\})?", CARE | {"contracts"}),
    (r"get", r"/v1/capacity-returns/untold", SOURCING | {"contracts"}),
    (r"get", r"/v1/capacity-returns/disagreements", KEEPING),
    (r"post", r"/v1/capacity-returns(/file|/\{provider_id\}/withdraw)?", SOURCING | {"contracts"}),
    # Programs send what call monitoring recorded, and read none of it; whose visits they are finance reads.
    (r"post", r"/v1/actuals(/file)?", {"finance", "job", "admin"}),
    (r"get", r"/v1/actuals(/odd)?", {"finance", "admin"}),
    # Contract officers read statements in figures, and keep terms; lines are of people.
    (r"get|put", r"/v1/accounts/book", KEEPING | {"finance"}),
    (r"get", r"/v1/accounts/statements(/\{statement_id\})?", KEEPING | {"finance"}),
    # Periods as a whole tell of nobody: viewers read those that have ended, rounded, without contracts, as a test of them holds.
    (r"get", r"/v1/accounts/periods(/\{period_starts\})?", KEEPING | {"finance", "viewer"}),
    (r"get", r"/v1/accounts/queries/owed", KEEPING | {"finance"}),
    (
        r"get|post|patch",
        r"/v1/accounts/incentive-periods(/\{incentive_period_id\}(/withdraw)?)?",
        {"contracts", "finance", "admin"},
    ),
    (r"get|post", r"/v1/accounts/.*", {"finance", "admin"}),
    # Contract and quality officers read sums and rounds alone, which a test of deliveries holds.
    (r"post", r"/v1/deliveries", {"finance", "job", "admin"}),
    (r"get", r"/v1/deliveries", {"planner", "social_work", "finance", "admin", "contracts", "quality"}),
    (r"get", r"/v1/deliveries/people", {"planner", "social_work", "finance", "admin"}),
    (r"get", r"/v1/(areas|areas/\{area_id\}|outlines|rules)", EVERYBODY),
    (r"get", r"/v1/county-version", EVERYBODY - {"viewer", "auditor"}),
    (r"post", r"/v1/bands", EVERYBODY),
    (r"get", r"/v1/packages(/\{package_id\})?", CARE | {"social_work"}),
    # How whoever waits is safe; who approves a price a setting names, which a test of it holds.
    (r"get", r"/v1/(packages/\{package_id\}/)?meanwhile", CARE | {"social_work"}),
    (r"get", r"/v1/packages/\{package_id\}/(answers|decisions|history)", CARE | {"social_work"}),
    (r"get|post|delete", r"/v1/packages/\{package_id\}/working", CARE | {"social_work"}),
    (r"post", r"/v1/packages(/\{package_id\})?/preview", SOURCING),
    (r"post", r"/v1/packages/\{package_id\}/decisions", {"social_work"}),
    (r"post", r"/v1/packages/\{package_id\}/decision-requests", CARE),
    (r"get", r"/v1/decision-requests", CARE | {"social_work"}),
    # What people ask about their data is taken in by whoever they ask.
    (r"get|post", r"/v1/packages/\{package_id\}/rights-requests(/\{request_id\}/close)?", CARE | {"social_work"}),
    # Contract officers see what providers ask about nobody's care alone, which a test of questions holds.
    (r"get|post", r"/v1/contacts(/\{contact_id\}(/\w+(-\w+)?)?)?", CARE | {"social_work", "contracts"}),
    (r"get|post", r"/v1/hospital-notices", SOURCING | {"social_work"}),
    (r"put|post", r"/v1/packages/\{package_id\}/meanwhile(/check|/choice)?", SOURCING | {"social_work"}),
    (r"post", r"/v1/packages/\{package_id\}/meanwhile/price", SOURCING | {"social_work", "contracts", "finance"}),
    # Their own alone, but for administrators, which a test of sessions holds.
    (r"get|post", r"/v1/sessions(/\{session\}/end)?", EVERYBODY),
    (r"get", r"/v1/settings", {"admin"}),
    (r"get", r"/v1/clock", CARE | {"auditor"}),
    (r"post", r"/v1/clock/confirm", {"admin"}),
    (r"get", r"/v1/(first-visits|enhanced|packages/\{package_id\}/enhanced)", CARE | {"social_work"}),
    (r"post", r"/v1/packages/\{package_id\}/first-visit(/due)?", CARE),
    (r"post", r"/v1/packages/\{package_id\}/enhanced/answer", SOURCING | {"social_work"}),
    # Whoever records what a charge needs learns nothing else of the person, which a test of it holds.
    (r"post", r"/v1/packages/\{package_id\}/enhanced/charge", SOURCING | {"social_work", "finance"}),
    (r"get", r"/v1/(packages|unmet|worklist|offers)(/.*)?", CARE),
    # What a rating would change is for contract officers, and never for whoever rates; which a test of assessments holds.
    (r"get", r"/v1/assessments/\{assessment_id\}/consequences", KEEPING),
    (r"get", r"/v1/assessments(/\{assessment_id\})?", KEEPING | {"quality"}),
    (r"post", r"/v1/assessments(/.*)?", {"quality", "admin"}),
    (r"post|patch", r"/v1/locations(/\{location_id\}(/end)?)?", {"quality", "admin"}),
    (r"get", r"/v1/providers/\{provider_id\}/figures", MARKET | {"finance"}),
    (r"get", r"/v1/(providers|offices|locations|surgeries)(/\{\w+\})?", MARKET | {"finance", "social_work"}),
    (r"get", r"/v1/(contracts|rates)(/\{\w+\})?", MARKET | {"finance"}),
    (r"get", r"/v1/(restrictions|rounds)(/\{\w+\})?", MARKET),
    (r"post", r"/v1/packages", SOURCING),
    (r"patch", r"/v1/packages/\{package_id\}", SOURCING | {"social_work"}),
    (r"post", r"/v1/packages/\{package_id\}/(priority-review|answers)", SOURCING | {"social_work"}),
    # Who may set which column of them, a test of records holds.
    (r"patch", r"/v1/providers/\{provider_id\}", KEEPING | {"planner", "quality"}),
    (r"patch", r"/v1/contracts/\{contract_id\}", KEEPING | {"finance"}),
    (r"post|patch", r"/v1/restrictions(/\{restriction_id\}(/end)?)?", SOURCING | {"quality"}),
    (r"post|patch", r"/v1/rates(/\{rate_id\}(/end)?)?", KEEPING | {"finance"}),
    (r"post|patch", r"/v1/(providers|contracts|offices|areas|surgeries|rounds)(/\{\w+\}(/end)?)?", KEEPING),
    (r"post", r"/v1/contracts/\{contract_id\}/(extend|end-early|award-anew|withdraw)", KEEPING),
    (r"post", r"/v1/areas/\{area_id\}/go-live", KEEPING),
    (r"get", r"/v1/letters(/\{letter_id\})?", CARE),
    # Rounded for viewers and auditors, which a test of the people who wait holds.
    (r"get", r"/v1/who-comes-last", EVERYBODY),
    # The same of single days, which a test of trends holds.
    (r"get", r"/v1/trends", EVERYBODY),
    # Viewers and auditors what is published, which a test of fairness holds.
    (r"get", r"/v1/fairness", EVERYBODY),
    (r"get", r"/v1/providers/\{provider_id\}/on-call", MARKET),
    (r"get", r"/v1/on-call", CARE | {"contracts"}),
    (r"put", r"/v1/providers/\{provider_id\}/on-call", SOURCING | KEEPING),
    (r"post", r"/v1/providers/\{provider_id\}/on-call/confirm", SOURCING | KEEPING),
    # What a provider reads of itself its officers read too; they alone answer what it asks about it.
    (r"get", r"/v1/providers/\{provider_id\}/statements(/\{month\})?", SOURCING | KEEPING),
    (r"get", r"/v1/statement-queries", SOURCING | KEEPING),
    (r"post", r"/v1/statement-queries/\{query_id\}/answer", KEEPING),
    (r"get", r"/v1/(released-transfers|runs/\{run_id\}/provider-statements)", CARE | {"contracts"}),
    # What of a folder a contract officer may take in, a test of imports holds.
    (r"post", r"/v1/imports", KEEPING),
    # Of what somebody sends to be solved nobody else is told, which a test of solves holds.
    (r"post", r"/v1/solve", STARTERS),
    # Contract officers see and ask for volumes alone, which a test of call-offs holds; who offers and awards those.
    (r"get", r"/v1/call-offs(/\{call_off_id\})?", CARE | {"contracts"}),
    (r"post", r"/v1/call-offs(/\{call_off_id\}/withdraw)?", SOURCING | {"contracts"}),
    (r"post|patch", r"/v1/call-offs/\{call_off_id\}/(award|offers)(/\{provider_id\})?", KEEPING),
    (r"get", r"/v1/reserve", CARE | {"contracts"}),
    (r"post", r"/v1/reserve(/close)?", KEEPING),
    # A transition team asks and answers for moves alone, which a test of offers holds.
    (r"post|patch", r"/v1/(packages/\{package_id\}/offers|offers/\{offer_id\})", CARE),
    (r"post", r"/v1/offers/\{offer_id\}/answer-by", CARE),
    (r"post", r"/v1/offers/\{offer_id\}/part", SOURCING),
    (r"post|put|patch|delete", r"/v1/(packages/\{\w+\}|offers|holds|alerts)/?.*", SOURCING),
    (r"get", r"/v1/(holds|alerts)(/.*)?", CARE),
    (r"post", r"/v1/runs/\{\w+\}/apply", CARE),
    # An explanation is of a person, and says who is restricted: people alone read it.
    (r"get", r"/v1/runs/\{\w+\}/explanations/.*", CARE),
    (r"get|post|delete", r"/v1/(runs|checks)(/.*)?", STARTERS),
    (r"get", r"/v1/audit(/.*)?", {"auditor", "admin"}),
    (r"post", r"/v1/telling/receipts", {"job", "admin"}),
    (r"get|post|put|delete", r"/v1/telling/.*", {"admin"}),
]
"""The roles that may use an address at most: the first line that fits counts; what fits none may be used by nobody."""

OPEN = {"/health/live", "/health/ready", "/metrics", "/v1/price-band"}
"""What a load balancer, a monitor or anybody asks for without a key; nothing in it tells of a person."""


def most(method: str, path: str) -> set[str]:
    return next((roles for methods, paths, roles in MOST if re.fullmatch(methods, method) and re.fullmatch(paths, path)), set())


def ask(client: httpx.Client, method: str, path: str) -> int:
    """The status of an answer to an empty request about things that are not there: nothing comes of it whoever asks."""
    address = re.sub(r"\{\w+\}", "none-such", path)
    headers = {"Content-Type": "application/json", "If-Match": "*"} if method in ("post", "put", "patch") else {}
    with client.stream(method.upper(), address, content=b"{}" if headers else None, headers=headers) as answer:
        return answer.status_code


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_may_do_what_their_role_may_not(served: Served) -> None:
    with served.client(None) as nobody:
        document = nobody.get("/openapi.json").json()
        operations = [
            (method, path, set(each["x-roles"])) for path, item in document["paths"].items() for method, each in item.items()
        ]
        for method, path, roles in operations:
            assert roles or path in OPEN, f"{method} {path} names no role"
            assert roles <= most(method, path) or path in OPEN, f"{method} {path}: more may use it than should"
            if roles:
                assert ask(nobody, method, path) == 401, (method, path)
    for role in ROLES:
        with served.client(role) as client:
            for method, path, roles in operations:
                if roles:
                    status = ask(client, method, path)
                    assert (status == 403) is (role not in roles), (role, method, path, status)
                    assert status not in (401, 500), (role, method, path)


@pytest.mark.parametrize(("method", "path"), [("get", "/v1/anything"), ("delete", "/v1/packages"), ("delete", "/v1/areas/A1")])
def test_what_is_not_listed_is_for_nobody(method: str, path: str) -> None:
    assert most(method, path) == set()
