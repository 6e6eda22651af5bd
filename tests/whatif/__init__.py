"""What-if questions."""
