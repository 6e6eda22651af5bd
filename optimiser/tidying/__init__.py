"""Spreadsheets as people have them to a strict snapshot: understood column by column, said so, or refused in words."""
