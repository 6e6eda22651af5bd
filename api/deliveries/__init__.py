"""What records of visits say that somebody should look at: lists for a person's review, kept as they were counted last."""
