"""The pages, to be served beside the addresses of programs."""

from __future__ import annotations

from api.pages import assets, for_everybody, front_door, people_waiting, waiting_lists, what_i_may_do
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
from api.pages.own import care_page, offers_page
from api.pages.people import (
    changed_needs,
    dividing_page,
    hospital_notices,
    new_request,
    person,
    person_more,
    price_approved,
    side_deeds,
    step_deeds,
)
from api.pages.plans import listed, offering, one, plan_asking, plan_tables, replanning
from api.pages.providers import all_providers, assessment_steps, free_hours_page, one_provider
from api.pages.records import contract_life, record_editing
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
    offering.router,
    replanning.router,
    step_deeds.router,
    side_deeds.router,
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
    record_editing.router,
    contract_life.router,
    decisions_asked.router,
    keys_page.router,
    sessions_page.router,
    audit_page.router,
    settings_page.router,
    forgetting_page.router,
    take_in_page.router,
    telling_page.router,
    offers_page.router,
    care_page.router,
    what_i_may_do.router,
    for_everybody.router,
    assets.router,
)
