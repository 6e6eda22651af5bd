"""What a council's other systems are told: lines for finance of what starts, ends and costs otherwise, uplifts, the statutory
return of client-level data."""
