"""What changes on the providers' side: limits, skills and ratings, contracts' maxima, restrictions."""
