"""What if a setting or a rule were another: the same nights rehearsed under both, and who would wait longer."""
