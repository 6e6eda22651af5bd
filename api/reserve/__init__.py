"""The reserve: opened by a named person for named areas with a reason, and closed again. Care that runs there stays."""
