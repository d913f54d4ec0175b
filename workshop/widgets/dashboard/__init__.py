"""The live six-panel view of a training."""

from workshop.widgets.dashboard.widget import TrainingDashboard

__all__ = ["TrainingDashboard"]
