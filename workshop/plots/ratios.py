"""How many times as fast something became: bars to both sides of no change."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

FASTER, SLOWER = "#0072b2", "#d55e00"


def draw_ratios(times: Mapping[str, tuple[float, float]], *, ax: Axes | None = None) -> Axes:
    """Draw for each change how many times as fast it made something, a bar each.

    Bars to the right of 1 are gains, hatched ones to the left are losses. Twice as fast and half
    as fast are equally long, for the axis is logarithmic.

    Args:
        times: for each name, the time before and after, in the same unit.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: nothing to draw, or times that are not above 0.

    Example:
        >>> ax = draw_ratios({"XLA": (2.0, 1.0), "bfloat16": (2.0, 4.0)})
        >>> [float(bar.get_width()) for bar in ax.patches]
        [1.0, -0.5]
    """
    if not times:
        raise ValueError("No times came; give at least one: name -> (before, after).")
    for name, (before, after) in times.items():
        if not (before > 0 and after > 0):
            raise ValueError(f"{name!r} has the times {before} and {after}; both must be above 0.")
    ratios = np.array([before / after for before, after in times.values()])
    if ax is None:
        ax = plt.subplots(figsize=(7, 0.8 + 0.32 * len(times)), layout="constrained")[1]
    bars = ax.barh(list(times), ratios - 1, left=1, color=FASTER)
    for bar, ratio in zip(bars, ratios, strict=True):
        if ratio < 1:
            bar.set(facecolor=SLOWER, hatch="//")
    furthest = max(2, np.ceil(np.log2(np.max([ratios, 1 / ratios]))))
    powers = np.arange(-furthest, furthest + 1)
    ax.set_xscale("log")
    ax.set_xticks(2.0**powers, [f"{2**p:g}" if p >= 0 else f"1/{2**-p:g}" for p in powers])
    ax.minorticks_off()
    ax.axvline(1, color="black")
    ax.set(xlabel="times as fast (left of 1: slower)", xlim=(2.0**-furthest, 2.0**furthest))
    ax.invert_yaxis()
    ax.grid(axis="x", alpha=0.3)
    return ax
