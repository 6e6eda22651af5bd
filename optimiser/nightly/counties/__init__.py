"""The nights of many counties: where their reports stand, how each has ended, and the summary of them all."""
