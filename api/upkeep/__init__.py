"""What keeps the service going: loading and exporting the county, backups, keys, the audit trail, health and figures."""
