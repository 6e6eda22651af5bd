"""One letter to a person, in the format that is recorded for them: as a page, a tagged PDF, or plain text."""
