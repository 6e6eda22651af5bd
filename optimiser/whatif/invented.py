"""People who do not exist: with the place and needs of somebody who does, and with nothing that is that person's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from optimiser.domain.records import Package


def invented_like(
    alike: Package,
    package_id: str,
    priority: str,
    source: str,
    start_by: dt.date | None,
    requested_at: dt.datetime | None = None,
) -> Package:
    """A request for care like somebody's. Nobody invented refuses a provider, is protected, or has wishes of their own."""
    return replace(
        alike,
        package_id=package_id,
        status="new",
        priority=priority,
        start_by=start_by,
        contract_id="",
        round_id="",
        protected="",
        transfer_decision="",
        excluded_provider_ids=(),
        requested_at=requested_at,
        source=source,
        care_started=None,
        previous_contract_id="",
        held_until=None,
        priority_set_on=None,
        first_visit_at=None,
        worker_gender="",
        worker_languages=(),
        preferred_provider_ids=(),
        household_id="",
        formats=(),
        language="",
        write_to="",
    )
