"""What waiting for a better place would have been worth: prices of hours by sampled futures, and what hindsight could have done."""
