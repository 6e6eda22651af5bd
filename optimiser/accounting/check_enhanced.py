"""Hours of enhanced home support, counted anew for the check of an account: free, charged by a recorded notice, not decided."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from optimiser.accounting.check_prices import in_decimals
from optimiser.accounting.check_records import VisitDay
from optimiser.accounting.check_written import Cells, Key
from optimiser.county import County
from optimiser.domain.accounts import Period
from optimiser.domain.dates import instant_of
from optimiser.domain.records import ENHANCED_HOME_SUPPORT, Package


def enhanced_expected(
    county: County, visits: Iterable[VisitDay], period: Period, charged_from: Mapping[str, dt.date]
) -> dict[Key, Cells]:
    """What ``enhanced-hours.csv`` should say, by contract. ``charged_from``: by person the day from which support is charged."""
    supported = {each.package_id: each for each in county.packages if each.service == ENHANCED_HOME_SUPPORT}
    limit = county.snapshot.enhanced.limit_hours * 3600
    ends = {name: began + limit for name, each in supported.items() if (began := _began(each)) is not None}
    people: defaultdict[str, set[str]] = defaultdict(set)
    free, charged, rest = (defaultdict[str, int](int) for _ in range(3))
    for visit in visits:
        name, contract_id = visit.package_id, visit.contract_id
        if name not in supported or not visit.times or not period.starts <= visit.date < period.ends:
            continue
        people[contract_id].add(name)
        for worker, seconds in visit.stays.items():
            arrived = min(begin for who, begin, _ in visit.times if who == worker)
            # A visit in several parts counts as one piece from its first arrival.
            within = sorted((0, ends[name] - arrived, seconds))[1] if name in ends else 0
            is_charged = name in charged_from and charged_from[name] <= visit.date
            free[contract_id] += within
            (charged if is_charged else rest)[contract_id] += seconds - within
    providers = {each.contract_id: each.provider_id for each in county.contracts}
    return {
        (contract_id,): {
            "provider_id": providers[contract_id],
            "people": str(len(names)),
            "free_hours": in_decimals(Fraction(free[contract_id], 3600)),
            "not_decided_hours": in_decimals(Fraction(rest[contract_id], 3600)),
            "charged_by_notice_hours": in_decimals(Fraction(charged[contract_id], 3600)),
        }
        for contract_id, names in people.items()
    }


def _began(package: Package) -> int | None:
    """The instant of the first visit, else of the start of the day on which care began; None: nobody has recorded either."""
    if package.first_visit_at is not None:
        return int(instant_of(package.first_visit_at).timestamp())
    if package.care_started is not None:
        return int(instant_of(dt.datetime.combine(package.care_started, dt.time.min)).timestamp())
    return None
