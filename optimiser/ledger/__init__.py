"""What starts, ends and changes in price from one day to another, line by line, for a council's finance system."""
