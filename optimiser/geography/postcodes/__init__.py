"""Postcodes: how they are written, the index that knows where each is, and what is said of one that is no place of England."""
