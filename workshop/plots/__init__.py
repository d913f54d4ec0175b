"""Figures from plain arrays and dicts; no TensorFlow.

A plot of one panel draws on `ax`, or on a new figure where it is left out, and returns its axes;
one of several panels makes a figure of its own and returns that.
"""

from workshop.plots.bars import latencies, parallelism, speed_up, step_breakdown
from workshop.plots.diagrams.blocks import map_blocks
from workshop.plots.diagrams.exchanges import exchanges
from workshop.plots.diagrams.network import network
from workshop.plots.diagrams.neuron import neuron
from workshop.plots.diagrams.number_formats import number_formats
from workshop.plots.diagrams.torus import torus
from workshop.plots.diagrams.unrolled import unrolled
from workshop.plots.diagrams.windows import window_places
from workshop.plots.functions import activations, loss_surface, matrix_product
from workshop.plots.graph import computation_graph
from workshop.plots.images import feature_maps, layer_maps, weight_images
from workshop.plots.lines import bands, curves, runs, scaling
from workshop.plots.machines import pipeline, roofline, sharding, timeline
from workshop.plots.pictures import digit_grid, photographs, squares, window_sum
from workshop.plots.planes import population, probability_map, scatter
from workshop.plots.tables import attention, comparison, confusion_matrix, record_bytes

__all__ = [
    "activations",
    "attention",
    "bands",
    "comparison",
    "computation_graph",
    "confusion_matrix",
    "curves",
    "digit_grid",
    "exchanges",
    "feature_maps",
    "latencies",
    "layer_maps",
    "loss_surface",
    "map_blocks",
    "matrix_product",
    "network",
    "neuron",
    "number_formats",
    "parallelism",
    "photographs",
    "pipeline",
    "population",
    "probability_map",
    "record_bytes",
    "roofline",
    "runs",
    "scaling",
    "scatter",
    "sharding",
    "speed_up",
    "squares",
    "step_breakdown",
    "timeline",
    "torus",
    "unrolled",
    "weight_images",
    "window_places",
    "window_sum",
]
