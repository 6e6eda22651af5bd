"""Rules that no council has, one a file, each put into its folder of the rule book by a test: no other file knows of them."""
