"""The command `workshop`: one module for each kind of person who types it."""

from workshop.cli import classroom, hub, instructor, learner, maintainer, publisher
from workshop.cli.app import app

__all__ = ["app", "classroom", "hub", "instructor", "learner", "maintainer", "publisher"]
