"""What the resources do, apart from HTTP: accept records, page through them, work out what areas and people waiting look like."""
