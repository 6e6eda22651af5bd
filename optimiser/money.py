"""Money for people to read."""

from __future__ import annotations


def pounds(pence: int) -> str:
    """Pence as pounds with two decimals: 1234 is 12.34."""
    return "{}.{:02}".format(*divmod(pence, 100))


def pounds_in_words(pence: int) -> str:
    """The same with the sign and thousands: £1,234.56."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02}"
