"""The pages, to be served beside the addresses of programs."""

from __future__ import annotations

from api.pages import assets, for_everybody, front_door, people_waiting, waiting_lists, what_i_may_do
from api.pages.accounts import (
    book_page,
    deliveries_page,
    incentive_periods_page,
    period_page,
    questions_page,
    statements_page,
)
from api.pages.administration import (
    audit_page,
    forgetting_page,
    keys_page,
    sessions_page,
    settings_page,
    take_in_page,
    telling_page,
)
from api.pages.areas import all_areas, one_area
from api.pages.fairness import fairness_page
from api.pages.own import (
    asking_page,
    care_page,
    offers_page,
    own_accounts_page,
    own_free_hours,
    own_on_call,
    own_statements,
    own_transfers,
)
from api.pages.people import (
    changed_needs,
    dividing_page,
    hospital_notices,
    new_request,
    offer_time,
    person,
    person_more,
    price_approved,
    side_deeds,
    step_deeds,
)
from api.pages.plans import listed, offering, one, plan_asking, plan_providers, plan_tables, replanning
from api.pages.providers import (
    all_providers,
    assessment_steps,
    free_hours_page,
    on_call_page,
    one_provider,
    statements_of_provider,
    untold_page,
)
from api.pages.questions import asked_questions
from api.pages.records import awarded_anew, contract_life, record_editing
from api.pages.social_work import decisions_asked

ROUTERS = (
    front_door.router,
    people_waiting.router,
    waiting_lists.router,
    person.router,
    listed.router,
    plan_asking.router,
    one.router,
    plan_tables.router,
    plan_providers.router,
    offering.router,
    replanning.router,
    step_deeds.router,
    side_deeds.router,
    offer_time.router,
    person_more.router,
    changed_needs.router,
    dividing_page.router,
    new_request.router,
    hospital_notices.router,
    price_approved.router,
    all_areas.router,
    one_area.router,
    fairness_page.router,
    all_providers.router,
    one_provider.router,
    assessment_steps.router,
    free_hours_page.router,
    untold_page.router,
    statements_of_provider.router,
    on_call_page.router,
    record_editing.router,
    contract_life.router,
    awarded_anew.router,
    decisions_asked.router,
    asked_questions.router,
    keys_page.router,
    sessions_page.router,
    audit_page.router,
    settings_page.router,
    forgetting_page.router,
    take_in_page.router,
    telling_page.router,
    offers_page.router,
    care_page.router,
    asking_page.router,
    own_statements.router,
    own_transfers.router,
    own_accounts_page.router,
    book_page.router,
    questions_page.router,
    period_page.router,
    deliveries_page.router,
    incentive_periods_page.router,
    statements_page.router,
    own_on_call.router,
    own_free_hours.router,
    what_i_may_do.router,
    for_everybody.router,
    assets.router,
)
