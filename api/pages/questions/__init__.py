"""Questions of providers, people and families: the list by what is due, one with its steps, and writing one down."""
