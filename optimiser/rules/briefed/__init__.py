"""What holds in one run alone, as it was asked: a part of the county, and pins. A book of its own: see ``briefed_books``."""
