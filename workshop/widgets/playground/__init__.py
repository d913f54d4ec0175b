"""A small network that learns while its settings are turned."""

from workshop.widgets.playground.widget import Playground

__all__ = ["Playground"]
