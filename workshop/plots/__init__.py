"""Figures from plain arrays and dicts; no TensorFlow."""

from workshop.plots.curves import draw_curves, probability_map
from workshop.plots.digits import confusion_matrix, digit_grid, weight_images
from workshop.plots.graph import draw_graph
from workshop.plots.surface import loss_surface

__all__ = [
    "confusion_matrix",
    "digit_grid",
    "draw_curves",
    "draw_graph",
    "loss_surface",
    "probability_map",
    "weight_images",
]
