"""Who is working on whom just now, so that two planners do not telephone the same provider."""
