"""Tonight: a provider fails, or it snows. The visits of the next 72 hours by harm if missed, who can step in, and which other
rounds have the minutes. Nothing here is inferred of a person, sent to anybody, or changed."""
