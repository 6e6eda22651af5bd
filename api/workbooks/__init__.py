"""Results of runs as formatted workbooks."""
