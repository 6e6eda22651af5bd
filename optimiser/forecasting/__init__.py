"""A county played forward in weeks, many times over: what may come, how sure that is, and what drives it."""
