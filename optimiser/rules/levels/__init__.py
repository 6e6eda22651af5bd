"""What is better, in strict order."""
