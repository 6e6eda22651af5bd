"""What records of visits say that somebody should look at: nothing changes by it, and minutes alone judge nobody's care."""
