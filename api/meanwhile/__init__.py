"""How whoever waits is safe until care begins: recorded, checked, and chosen where nobody can be asked, by named people."""
