"""Records that live: contracts, prices, providers, areas and the rest are added, changed and ended, each with a reason."""
