"""Widgets that show training while it runs; the training itself stays in the learner's cells."""

from workshop.widgets.dashboard import TrainingDashboard

__all__ = ["TrainingDashboard"]
