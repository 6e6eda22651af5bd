"""Where a command does its many tasks: on this machine, or on the cluster that it was told."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from optimiser.in_parallel.cluster import Cluster


def elsewhere(options: argparse.Namespace) -> AbstractContextManager[Cluster | None]:
    """The cluster of ``--cluster``, reached and looked at before anything is begun; None: this machine.

    Raises ``RefusedError``, also as it is entered.
    """
    if options.cluster is None:
        return nullcontext()
    from optimiser.in_parallel.cluster import Cluster

    return Cluster(options.cluster)
