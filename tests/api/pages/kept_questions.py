"""Questions of the three villages whose ids are known beforehand, so that the addresses of their pages are."""

from __future__ import annotations

from api.acts.act import Caller
from api.contacts import acts
from api.contacts.schemas import NewContact, NewReply, PassingOn
from api.service import Service
from tests.api.pages.kept_runs import ADA


def keep_questions(service: Service) -> None:
    """A family's, which was passed on and waits; and a provider's, which was answered."""
    by = Caller(service, ADA)
    family = {"contact_id": "Q-FAMILY", "who": "family", "package_id": "N4", "said_by": "Joan Reed"}
    alder = {"contact_id": "Q-ALDER", "who": "provider", "provider_id": "ALDER"}
    for asks in (family, alder):
        acts.record(by, NewContact.model_validate({**asks, "kind": "start", "how": "telephone", "asked": "When is it?"}))
    acts.pass_on(by, "Q-FAMILY", PassingOn(reason="They ask for the manager"))
    acts.answer(by, "Q-ALDER", NewReply(text="On Thursday."))
