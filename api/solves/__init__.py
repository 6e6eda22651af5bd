"""A snapshot that is sent, solved and forgotten: for programs that keep their people elsewhere."""
