"""The settings of questions: the posts that they go through, and by when an answer is owed."""

from __future__ import annotations

import re

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

POST = re.compile(r"[^\x00-\x1f\x7f]{3,60}")
"""A post as pages and programs name it."""


class ContactSettings(BaseSettings):
    """A part of the service's settings."""

    contact_posts: tuple[str, ...] = ("brokerage", "team manager", "head of commissioning")
    """The posts that a question goes through, from whoever answers it first upwards: posts, and nobody's name."""
    contact_person_days: int = Field(default=2, ge=1, le=60)
    """A person, their family or an advocate is owed an answer by the end of so many working days after the day of asking."""
    contact_provider_days: int = Field(default=5, ge=1, le=60)
    """A provider by the end of so many."""
    contact_safety_hours: int = Field(default=4, ge=1, le=72)
    """Where somebody may not be safe an answer is owed within so many clock hours, whoever asks."""

    @field_validator("contact_posts")
    @classmethod
    def _posts_are_a_route(cls, posts: tuple[str, ...]) -> tuple[str, ...]:
        if not posts or len(set(posts)) < len(posts) or not all(POST.fullmatch(each) for each in posts):
            raise ValueError("contact_posts: one post or more, each once, in 3 to 60 characters of one line")
        return posts
