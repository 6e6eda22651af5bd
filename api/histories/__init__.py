"""What has been done about one person, as the audit trail tells it."""
