"""What spreadsheet programs and the people before them do to the tables of a county."""
