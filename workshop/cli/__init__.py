"""The command `workshop`: one module for each kind of person who types it."""

from workshop.cli import hub, instructor, learner, maintainer
from workshop.cli.app import app

__all__ = ["app", "hub", "instructor", "learner", "maintainer"]
