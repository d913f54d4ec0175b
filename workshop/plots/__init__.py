"""Figures from plain arrays and dicts; no TensorFlow.

A plot of one panel draws on `ax`, or on a new figure where it is left out, and returns its axes;
one of several panels makes a figure of its own and returns that.
"""

from workshop.plots.attention import attention
from workshop.plots.bars import latencies, parallelism, speed_up, step_breakdown
from workshop.plots.graph import computation_graph
from workshop.plots.images import (
    confusion_matrix,
    digit_grid,
    feature_maps,
    kernel_images,
    time_steps,
    weight_images,
)
from workshop.plots.lines import activations, bands, curves, runs, scaling
from workshop.plots.machines import roofline, sharding
from workshop.plots.photographs import photographs, squares
from workshop.plots.planes import loss_surface, population, probability_map, scatter
from workshop.plots.spans import pipeline_schedule, timeline

__all__ = [
    "activations",
    "attention",
    "bands",
    "computation_graph",
    "confusion_matrix",
    "curves",
    "digit_grid",
    "feature_maps",
    "kernel_images",
    "latencies",
    "loss_surface",
    "parallelism",
    "photographs",
    "pipeline_schedule",
    "population",
    "probability_map",
    "roofline",
    "runs",
    "scaling",
    "scatter",
    "sharding",
    "speed_up",
    "squares",
    "step_breakdown",
    "time_steps",
    "timeline",
    "weight_images",
]
