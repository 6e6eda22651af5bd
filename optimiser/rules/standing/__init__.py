"""What is settled before anybody is asked."""
