"""What providers, people and families ask the council: written down with a clock, answered, and passed upwards by posts."""
