"""Pages for the people who do the work. Each calls the acts that ``/v1`` calls, and knows nothing beneath them."""
