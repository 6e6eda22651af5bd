"""Free hours as providers tell them: by area, part of the day and from when. Shown beside whom to ask, and never ranked by."""
