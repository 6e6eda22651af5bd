"""What of a transfer's plan a provider is told: its own staff's rounds alone, once a named person has released it."""
