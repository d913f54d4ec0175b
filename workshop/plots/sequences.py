"""What a network knows after each step of a sequence."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure


def draw_reading(image: np.ndarray, after_each_row: np.ndarray, *, label: str) -> Figure:
    """Draw a digit beside what a network that reads it row by row holds after each row.

    Both pictures share the vertical axis: the rows of the digit are the time steps. Use it for
    hidden states, or for the probabilities after each row.

    Args:
        image: grey values `(rows, columns)`, 0 is the paper.
        after_each_row: one line of numbers a row of the image, `(rows, values)`. Where some are
            negative the colours are centred on zero: blue positive, red negative.
        label: what the values are, such as `"hidden unit"`.

    Returns:
        The figure.

    Raises:
        ValueError: an array is not a matrix, or they differ in their number of rows.

    Example:
        >>> figure = draw_reading(np.zeros((28, 28)), np.ones((28, 10)), label="class")
        >>> figure.axes[1].get_xlabel()
        'class'
    """
    image, values = np.asarray(image), np.asarray(after_each_row, dtype=float)
    if image.ndim != 2 or values.ndim != 2 or len(image) != len(values):
        raise ValueError(
            f"An image of the shape {image.shape} and values of {values.shape} came; needed are "
            "(rows, columns) and (rows, values), as many rows in both."
        )
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(8, 3.4), layout="constrained", width_ratios=(1, 1.6)
    )
    left.imshow(image, cmap="gray_r", aspect="auto")
    left.set(xlabel="column (pixels)", ylabel="row = time step")
    limit = np.abs(values).max()
    if values.min() < -1e-6 * limit:  # less is the last bit of a zero
        colours = {"cmap": "RdBu", "vmin": -limit, "vmax": limit}
    else:
        colours = {"cmap": "Blues", "vmin": 0, "vmax": max(values.max(), 1e-9)}
    drawn = right.imshow(values, aspect="auto", interpolation="nearest", **colours)
    right.set(xlabel=label, ylabel="after row")
    if values.shape[1] <= 10:
        right.set_xticks(range(values.shape[1]))
    figure.colorbar(drawn, ax=right)
    return figure
