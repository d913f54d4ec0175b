"""Activations beside their derivatives."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from workshop.plots.curves import draw_curves

MOST_IN_A_ROW = 4


def draw_activations(
    z: np.ndarray, activations: Mapping[str, tuple[np.ndarray, np.ndarray]]
) -> Figure:
    """Draw functions of one number, a panel each, with the slope of each as a second line.

    All panels have the same axes, so that a flat slope looks flat beside a steep one.

    Args:
        z: where the functions were computed, `(n,)`.
        activations: for each name, the values and the derivatives at `z`, `(n,)` each.

    Returns:
        The figure.

    Raises:
        ValueError: no activations, or values that are not as many as `z`.

    Example:
        >>> z = np.linspace(-1, 1, 3)
        >>> figure = draw_activations(z, {"square": (z**2, 2 * z)})
        >>> figure.axes[0].get_title()
        'square'
    """
    if not activations:
        raise ValueError("No activations came; give at least one: name -> (values, derivatives).")
    columns = min(len(activations), MOST_IN_A_ROW)
    rows = -(-len(activations) // columns)
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(2.9 * columns, 2.7 * rows),
        sharex=True,
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for axis, (name, (values, slopes)) in zip(axes.flat, activations.items(), strict=False):
        draw_curves(z, {"value": values, "derivative": slopes}, labels=("z", "f(z)"), ax=axis)
        axis.set_title(name)
        axis.label_outer()
    for axis in axes.flat[1 : len(activations)]:
        axis.get_legend().remove()
    for axis in axes.flat[len(activations) :]:
        axis.remove()
    return figure
