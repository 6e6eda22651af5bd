"""What call monitoring recorded to what is owed: statements for each contract and four-week period, exact to the penny."""
