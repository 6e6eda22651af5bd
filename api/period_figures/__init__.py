"""What a period of payment tells beside its statements: guarantees, shares as delivered, both steps of billing."""
