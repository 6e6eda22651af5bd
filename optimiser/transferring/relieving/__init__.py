"""A provider that can deliver only so many hours from a day: who is kept, who moves to whom, and which visits stay uncovered."""
