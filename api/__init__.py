"""The brokerage service: the county's state, offers and long runs over HTTP."""
