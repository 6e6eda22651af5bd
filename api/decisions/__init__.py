"""Social work's decisions about moves: one kind of move each, to whom, why, and how long they count."""
