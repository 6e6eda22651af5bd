"""What holds when running care may move: a book of its own, made from the standing one by ``book.moving_rules``."""
