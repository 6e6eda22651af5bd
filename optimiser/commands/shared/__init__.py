"""What commands share: arguments, reading, refusing, progress, exit codes, tables, and what is said."""
