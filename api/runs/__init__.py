"""Long runs: asked for over HTTP, worked on one process each, never lost. The table ``runs`` is the queue."""
