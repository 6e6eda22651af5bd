"""Acts on the life of a contract, drawn at random: most are out of order, which is for the service to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from api.acts.act import Caller
from api.contract_lives import acts
from api.contract_lives.schemas import Award, EarlyEnd, Extension, GoLive, Withdrawal
from api.state.state import State
from tests.making import AS_OF, days

WHY = {"reason": "drawn"}
BOARD = {"authorised_by": "Director of Commissioning", "decided_on": "2026-11-16", "reference": "minute 14"}
TO_COME = (AS_OF, days(1), days(40), days(100), days(400))


def drawn_act(draw: st.DrawFn, by: Caller, state: State, new_id: str) -> Callable[[], object]:
    """One of them, or a try at it, on an area or a contract that there is: a principal's to withdraw from, where there is one."""
    act = draw(st.sampled_from(["extend", "end_early", "award_anew", "withdraw", "go_live"]))
    dry_run, day = draw(st.sampled_from([False, False, True])), draw(st.sampled_from(TO_COME))
    if act == "go_live":
        area_id = draw(st.sampled_from(sorted(state.stock["areas"])))
        later = GoLive.model_validate({"go_live": draw(st.sampled_from([None, day])), "authority": BOARD, **WHY})
        return lambda: acts.move_go_live(by, area_id, later, "*", dry_run)
    held = state.stock["contracts"]
    principals = [each for each in sorted(held) if held[each].record.tier == "principal"]
    ending = [each for each in sorted(held) if (held[each].record.ends or AS_OF) > AS_OF]
    of = {"withdraw": principals, "extend": ending, "award_anew": ending}.get(act) or sorted(held)
    contract_id = draw(st.sampled_from(of))
    if act == "extend":
        longer = Extension.model_validate({"ends": day, "authority": BOARD, **WHY})
        return lambda: acts.extend(by, contract_id, longer, "*", dry_run)
    if act == "end_early":
        shorter: dict[str, Any] = {"shorter_notice": draw(st.sampled_from([None, BOARD])), **WHY}
        early = EarlyEnd.model_validate({"ends": day, "notice_given_on": AS_OF, "given_by": "provider", **shorter})
        return lambda: acts.end_early(by, contract_id, early, "*", dry_run)
    if act == "withdraw":
        return lambda: acts.withdraw(by, contract_id, Withdrawal(told_on=AS_OF, **WHY), "*", dry_run)
    ends = held[contract_id].record.ends
    plain = dict.fromkeys(name for name, part in Award.model_fields.items() if part.is_required())
    given = {
        "contract_id": new_id,
        "provider_id": draw(st.sampled_from(sorted(state.stock["providers"]))),
        "starts": str(ends or day),
        "max_hours_4w": draw(st.sampled_from([None, 90])),
        "rate_band_1": 24.5,
        "authority": BOARD,
        "shorter_staff_notice": draw(st.sampled_from([None, BOARD])),
    }
    award = Award.model_validate(plain | given | WHY)
    return lambda: acts.award_anew(by, contract_id, award, "*", dry_run)
