"""The county as it is beside the county as it might be: scenarios, and one table of indicators."""
