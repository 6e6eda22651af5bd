"""A person's pages: what is next for them and what is needed for it, and new requests."""
