"""A ball to catch, by hand beside a network."""

from workshop.widgets.catch.widget import CatchGame

__all__ = ["CatchGame"]
