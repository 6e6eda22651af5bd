"""Moving care to a principal in whole rounds: who moves, in which wave, and what each person is told."""
