"""Enhanced home support: its clock, whether care is still needed after it, and what a charge would need."""
