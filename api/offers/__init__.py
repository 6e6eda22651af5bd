"""Asking providers: offers and their answers, response windows, and what time does to them."""
