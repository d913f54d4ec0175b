"""A loss over two parameters, seen from above, with the paths that went down it."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

STYLES = ("o-", "s--", "^:", "d-.")


def loss_surface(
    grid: tuple[np.ndarray, np.ndarray, np.ndarray],
    paths: dict[str, np.ndarray],
    *,
    labels: tuple[str, str] = ("first parameter", "second parameter"),
) -> Figure:
    """Draw a loss as contours, and descents as paths on it.

    Args:
        grid: the values of the first parameter `(n,)`, of the second `(m,)`, and the loss
            `(m, n)` at each pair.
        paths: for each name, points `(steps, 2)`; at most four paths. What leaves the grid is cut.
        labels: names of the two axes.

    Returns:
        The figure.

    Raises:
        ValueError: more than four paths.

    Example:
        >>> side = np.linspace(-1, 1, 5)
        >>> bowl = side[:, None] ** 2 + side**2
        >>> figure = loss_surface((side, side, bowl), {"0.1": np.array([[1, 1], [0.8, 0.8]])})
        >>> figure.axes[0].get_title()
        'rate 0.1'
    """
    if len(paths) > len(STYLES):
        raise ValueError(f"{len(paths)} paths came; at most {len(STYLES)} can be told apart.")
    first, second, loss = grid
    # Equal ratios between the contours: the floor of a valley shows as well as its walls.
    low = max(float(np.min(loss)), 1e-6)
    levels = np.geomspace(low, max(float(np.max(loss)), 2 * low), 25)
    figure, axes = plt.subplots(
        1,
        len(paths),
        figsize=(3.3 * len(paths), 3.2),
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for axis, style, (name, path) in zip(axes.flat, STYLES, paths.items(), strict=False):
        drawn = axis.contourf(
            first, second, np.maximum(loss, low), levels=levels, norm=LogNorm(), cmap="viridis"
        )
        points = np.asarray(path)
        axis.plot(points[:, 0], points[:, 1], style, color="white", markersize=3, linewidth=1)
        axis.plot(*points[0], "*", color="black", markersize=12)
        axis.set(
            xlim=(first[0], first[-1]), ylim=(second[0], second[-1]), xlabel=labels[0],
            title=f"rate {name}",
        )  # fmt: skip
    axes[0, 0].set_ylabel(labels[1])
    scale = figure.colorbar(drawn, ax=axes, label="loss (cross-entropy)")
    scale.set_ticks(levels[::6], labels=[f"{level:.2g}" for level in levels[::6]])
    return figure
