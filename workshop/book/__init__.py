"""The book: each lesson as it ran, for people who only read."""


class BookError(Exception):
    """The book can't be made; its text says why, and what to do."""
