"""Care begins, is held, begins again and ends; and what somebody has to look at."""
