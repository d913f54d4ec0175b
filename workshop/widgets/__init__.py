"""Widgets that show training while it runs; the training itself stays in the learner's cells."""

from workshop.widgets.catch import CatchGame
from workshop.widgets.dashboard import TrainingDashboard
from workshop.widgets.digit_pad import DigitPad
from workshop.widgets.lanes import Lanes
from workshop.widgets.playground import Playground
from workshop.widgets.systolic import SystolicArray
from workshop.widgets.tensorboard import show_tensorboard

__all__ = [
    "CatchGame",
    "DigitPad",
    "Lanes",
    "Playground",
    "SystolicArray",
    "TrainingDashboard",
    "show_tensorboard",
]
