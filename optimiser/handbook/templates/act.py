"""An act: one deed of the service. Copy into the ``acts.py`` of its feature under ``api/``, and fill in what says so."""

from __future__ import annotations

from api.acts.act import Caller, act
from api.http.errors import Problem
from api.http.responses import Shown, shown_record
from api.packages.answers import package_json
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.state.accepting import put_checked

# FILL IN: who may; where a role may do a part alone, which part, in words, and hold it below.
ROLES = {PLANNER: "", TRANSITION: "running care alone", ADMIN: ""}


@act("fill_in_feature.fill_in_deed", ROLES, writes=("fill_in_entry",), changes=True)
def fill_in_deed(by: Caller, package_id: str) -> Shown:
    """FILL IN: what it is, in a sentence."""
    with by.change() as change:  # one transaction: all of it is written, with its entry, or nothing
        stored = change.state.get("packages", package_id)
        if stored is None:
            raise Problem("not_found", "There is no package of this id.")
        if by.actor.role == TRANSITION and stored.record.status == "new":
            raise Problem("forbidden", "New care is the planners'.")
        # FILL IN: which cells become what. Nothing is kept that could not be exported and read again: it is checked here.
        cells = {"priority": "urgent"}
        put_checked(change, {("packages", package_id): stored.body | cells})
        before = {name: stored.body[name] for name in cells}
        change.remember("fill_in_entry", "packages", package_id, {"before": before, "after": cells})
    return shown_record(by.store.state(), "packages", package_id, package_json)
