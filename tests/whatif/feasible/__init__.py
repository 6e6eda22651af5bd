"""Requirements that can or cannot hold together."""
