"""What is a provider's own: its offers, which it answers itself, its care, its contracts. Nothing of anybody else's."""
