"""Everything that is held about a person, in words, without third parties."""
