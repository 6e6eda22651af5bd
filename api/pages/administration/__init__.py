"""What keeps the service in order: keys, sessions, the audit trail, forgetting, settings, folders taken in."""
