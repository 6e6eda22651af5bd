"""Questions of how things would be: a provider that fails, scenarios side by side, requirements that may not hold together."""
