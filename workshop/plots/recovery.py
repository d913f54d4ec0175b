"""The curve of a training that was killed and went on from its checkpoint."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.axes import Axes


def draw_recovery(
    before: Mapping[int, float],
    after: Mapping[int, float],
    *,
    undisturbed: Mapping[int, float] | None = None,
    label: str = "loss",
    ax: Axes | None = None,
) -> Axes:
    """Draw a killed training and the one that went on, with what was computed twice.

    A cross marks the last step before the kill, a triangle the first after the restart; the steps
    between them, done again, lie on grey.

    Args:
        before: for each step until the kill, the number logged there.
        after: likewise from the restart on.
        undisturbed: likewise of a training that nobody stopped, to lie under both.
        label: name of the vertical axis, with the unit where there is one.
        ax: where to draw; a new figure where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: one of the two has no step, or steps are missing between them.

    Example:
        >>> ax = draw_recovery({1: 2.3, 2: 1.9, 3: 1.7}, {3: 1.7, 4: 1.5})
        >>> ax.get_xlabel(), [text.get_text() for text in ax.get_legend().get_texts()]
        ('step', ['until the kill', 'after the restart', 'done again: 1 step'])
    """
    if not before or not after:
        which = "after the restart" if before else "until the kill"
        raise ValueError(f"There are no steps {which}; did the training print any?")
    killed, restarted = max(before), min(after)
    if restarted > killed + 1:
        raise ValueError(
            f"The first training ends with step {killed}, the second begins with {restarted}; the "
            "steps between are in neither."
        )
    ax = ax or plt.subplots(figsize=(7, 3.2), layout="constrained")[1]
    if undisturbed:
        ax.plot(*_points(undisturbed), color="#a6d5f2", linewidth=6, label="never stopped")
    ax.plot(*_points(before), "-", color="black", linewidth=1.4, label="until the kill")
    ax.plot(*_points(after), "--", color="#d55e00", linewidth=1.4, label="after the restart")
    ax.plot(killed, before[killed], "X", color="black", markersize=10)
    ax.plot(restarted, after[restarted], "^", color="#d55e00", markersize=9)
    again = killed - restarted + 1
    if again:
        steps = f"{again} step{'s' if again > 1 else ''}"
        ax.axvspan(restarted - 0.5, killed + 0.5, color="0.88", label=f"done again: {steps}")
    ax.set(xlabel="step", ylabel=label)
    ax.grid(alpha=0.3)
    ax.legend(frameon=False)
    return ax


def _points(curve: Mapping[int, float]) -> tuple[list[int], list[float]]:
    steps = sorted(curve)
    return steps, [curve[step] for step in steps]
