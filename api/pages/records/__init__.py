"""Records that are kept by hand: a form for each kind, made from its declaration."""
