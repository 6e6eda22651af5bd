"""When somebody at a provider is on call, as it has declared: outside of these hours no offer to it expires."""
