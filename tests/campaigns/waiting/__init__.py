"""What waiting for a better place would have been worth: prices of hours by sampled futures, and a bound by hindsight."""
