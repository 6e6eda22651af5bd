"""Asking providers: the cascade, offers and their answers, response windows, holds, starts and ends of care."""
