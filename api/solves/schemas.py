"""What may be said beside a snapshot that is sent to be solved."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from api.http.strict import Strict
from api.runs.schemas import A_DAY, EFFORT, Count


class SolveQuery(Strict):
    """Which plan is wanted, and how long it is searched for."""

    plan: Annotated[
        Literal["allocate", "reoptimise"], Field(description="Who delivers what waits, or also few moves that make room for it.")
    ] = "allocate"
    wall_seconds: Annotated[float, Field(ge=0, le=A_DAY, description="A last resort: what it cuts need not repeat.")] = 600.0
    cut_rounds: Count = EFFORT.cut_rounds
    nodes: Count = EFFORT.nodes
    searches: Count = EFFORT.searches
    search_nodes: Count = EFFORT.search_nodes

    def as_kept(self) -> dict[str, Any]:
        """As the settings of a run."""
        effort = {name: getattr(self, name) for name in ("cut_rounds", "nodes", "searches", "search_nodes")}
        return {"effort": effort, "wall_seconds": self.wall_seconds, "policy": {}, "solve": {"plan": self.plan}}
