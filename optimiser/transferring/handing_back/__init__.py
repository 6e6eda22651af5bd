"""A contract that is handed back: where its care goes, with its page, files and letters."""
