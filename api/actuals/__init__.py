"""What call monitoring recorded of visits: taken in bulk, read, and what is odd about it; never changed, only corrected."""
