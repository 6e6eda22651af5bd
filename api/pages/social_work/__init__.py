"""For social workers: whose decision is asked, for which move and by when; and a person, with recording a decision."""
