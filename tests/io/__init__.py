"""Reading snapshots, writing results."""
