"""A council's own decisions laid beside what would have been proposed with what was known then. Nothing is acted on."""
