"""How the demonstration county is made: facts in, an invented market and invented people out."""
