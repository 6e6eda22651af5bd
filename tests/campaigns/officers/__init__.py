"""Officers who keep the county's records while others work: prices, a maximum, a provider, a go-live, the reserve, an import,
volumes that become contracts or are withdrawn; contracts that are extended, ended early, awarded anew or withdrawn from, a
go-live that slips; locations and assessments.

Every deed is sent until it is answered, and is remembered once it is acknowledged. ``faults_of`` holds what is there against
that: each deed is told once in the audit trail and no other is, what the trail told last of a record is what the record says, an
import is there whole or not at all, no area has two principals, a provider's rating is the worst of its locations, and the state
is the one that the database alone gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.state.store import Store
from tests.campaigns.officers.asking import Told
from tests.campaigns.officers.contracts import ContractLives
from tests.campaigns.officers.importing import LINE, Importing
from tests.campaigns.officers.proof import differs, faults_of, last_entry
from tests.campaigns.officers.quality import Quality

__all__ = ["LINE", "ROLES", "Officer", "Told", "differs", "faults_of", "last_entry"]

ROLES = ("contracts", "quality")
"""An officer's, together: its deeds are those of both."""


class Officer(Importing, ContractLives, Quality):
    """One officer. ``name``: no other officer of this database has it."""

    def __init__(self, addresses: Sequence[str], token: str, store: Store, *, name: str) -> None:
        super().__init__(addresses, token, store, name=name)
        self.deeds: dict[str, Callable[..., None]] = {
            "price": self.price,
            "maximum": self.maximum,
            "provider": self.provider,
            "go-live": self.go_live,
            "reserve": self.reserve,
            "import": self.imported,
            "volume": self.volume,
            "extension": self.extension,
            "early end": self.early_end,
            "new award": self.new_award,
            "withdrawal": self.withdrawal,
            "slip": self.slip,
            "location": self.locations,
            "assessment": self.assessment,
        }

    def work(self, **headers: str) -> None:
        """Any of the deeds."""
        self.deeds[self.random.choice(list(self.deeds))](**headers)
