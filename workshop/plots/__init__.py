"""Figures from plain arrays and dicts; no TensorFlow."""

from workshop.plots.activations import draw_activations
from workshop.plots.clouds import draw_cloud
from workshop.plots.curves import draw_curves, probability_map
from workshop.plots.digits import confusion_matrix, digit_grid, weight_images
from workshop.plots.distributed import draw_shares, pipeline_spans
from workshop.plots.graph import draw_graph
from workshop.plots.hardware import draw_roofline, draw_shards
from workshop.plots.log import draw_log
from workshop.plots.maps import feature_maps, kernel_images
from workshop.plots.network import draw_parts, draw_scales, draw_speed_up
from workshop.plots.ratios import draw_ratios
from workshop.plots.recovery import draw_recovery
from workshop.plots.runs import draw_runs
from workshop.plots.sequences import draw_reading
from workshop.plots.surface import loss_surface
from workshop.plots.timeline import draw_timeline

__all__ = [
    "confusion_matrix",
    "digit_grid",
    "draw_activations",
    "draw_cloud",
    "draw_curves",
    "draw_graph",
    "draw_log",
    "draw_parts",
    "draw_ratios",
    "draw_reading",
    "draw_recovery",
    "draw_roofline",
    "draw_runs",
    "draw_scales",
    "draw_shards",
    "draw_shares",
    "draw_speed_up",
    "draw_timeline",
    "feature_maps",
    "kernel_images",
    "loss_surface",
    "pipeline_spans",
    "probability_map",
    "weight_images",
]
