"""Widgets that show training while it runs; the training itself stays in the learner's cells."""

from workshop.widgets.dashboard import TrainingDashboard
from workshop.widgets.playground import Playground

__all__ = ["Playground", "TrainingDashboard"]
