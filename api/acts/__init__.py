"""The registry of acts: every deed of the service, by whom it may be done, and what it leaves in the audit trail."""
