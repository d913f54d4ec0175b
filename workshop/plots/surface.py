"""A loss over two parameters, seen from above, with the paths that went down it."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

STYLES = ("o-", "s--", "^:", "d-.", "v-")
MOST_IN_A_ROW = 3


def loss_surface(
    grid: tuple[np.ndarray, np.ndarray, np.ndarray],
    paths: dict[str, np.ndarray],
    *,
    labels: tuple[str, str] = ("first parameter", "second parameter"),
    title: str = "rate {}",
    scale: str = "loss (cross-entropy)",
) -> Figure:
    """Draw a loss as contours, and descents as paths on it.

    Args:
        grid: the values of the first parameter `(n,)`, of the second `(m,)`, and the loss
            `(m, n)` at each pair.
        paths: for each name, points `(steps, 2)`; at most five paths. What leaves the grid is cut.
        labels: names of the two axes.
        title: of each panel; the name of the path takes the place of `{}`.
        scale: name of the colours, with the unit.

    Returns:
        The figure.

    Raises:
        ValueError: no paths, or more than five.

    Example:
        >>> side = np.linspace(-1, 1, 5)
        >>> bowl = side[:, None] ** 2 + side**2
        >>> figure = loss_surface((side, side, bowl), {"0.1": np.array([[1, 1], [0.8, 0.8]])})
        >>> figure.axes[0].get_title()
        'rate 0.1'
    """
    if not 1 <= len(paths) <= len(STYLES):
        raise ValueError(f"{len(paths)} paths came; 1 to {len(STYLES)} can be drawn.")
    first, second, loss = grid
    # Equal ratios between the contours: the floor of a valley shows as well as its walls.
    low = max(float(np.min(loss)), 1e-6)
    levels = np.geomspace(low, max(float(np.max(loss)), 2 * low), 25)
    columns = min(len(paths), MOST_IN_A_ROW)
    rows = -(-len(paths) // columns)
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(3.3 * columns, 3.2 * rows),
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
            title=title.format(name),
        )  # fmt: skip
    for axis in axes[:, 0]:
        axis.set_ylabel(labels[1])
    for axis in axes.flat[len(paths) :]:
        axis.remove()
    bar = figure.colorbar(drawn, ax=figure.axes, label=scale)
    bar.set_ticks(levels[::6], labels=[f"{level:.2g}" for level in levels[::6]])
    return figure
