"""Who may be asked."""
