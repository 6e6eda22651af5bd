"""Pages of what is owed to each contract for four weeks."""
