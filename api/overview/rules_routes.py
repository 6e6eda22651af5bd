"""The rule book: by which rules everything here is decided."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from api.http.etags import tag
from api.http.responses import IfNoneMatch, one
from api.overview.schemas import RuleBookView
from api.security.roles import ADMIN, JOB, PLANNER, TRANSITION, VIEWER
from api.security.signing_in import may
from api.storage.audit import Actor
from optimiser.explaining.rule_book import records
from optimiser.rules.book import standard_rules

router = APIRouter(prefix="/v1/rules", tags=["rules"])


@router.get("", summary="The rule book", response_model=RuleBookView)
def rules(_: Annotated[Actor, may(VIEWER, PLANNER, TRANSITION, JOB, ADMIN)], if_none_match: IfNoneMatch = None) -> Response:
    """Every rule with its sentence, its source and the settings that it reads, generated from the rules themselves."""
    book = standard_rules()
    return one({"version": book.version, "rules": records(book)}, tag(book.version), if_none_match)
