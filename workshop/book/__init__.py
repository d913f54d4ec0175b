"""The book and the slides: each lesson as it ran, for people who only read or watch."""


class BookError(Exception):
    """The book or the slides can't be made; its text says why, and what to do."""
