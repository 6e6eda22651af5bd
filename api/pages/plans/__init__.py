"""Everything that is a run: asked for, followed, read, and its proposals made offers of."""
