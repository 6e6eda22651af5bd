"""What is placed together or not at all."""
