"""The night's report as the service has part in it: what it alone knows, and the plan kept as a run."""
