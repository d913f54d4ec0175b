"""Pictures of digits, of weights that look at digits, and of what gets confused with what."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

CLASSES = 10


def digit_grid(
    images: np.ndarray,
    titles: list[str] | None = None,
    *,
    wrong: np.ndarray | None = None,
    columns: int = 10,
) -> Figure:
    """Draw digits in rows.

    Args:
        images: grey values, `(n, 28, 28)` or `(n, 28, 28, 1)`, any range; dark is 0.
        titles: a text above each digit, or None.
        wrong: `(n,)` booleans; those digits stand on red and have a cross in the title.
        columns: digits a row.

    Returns:
        The figure.

    Raises:
        ValueError: the images have another shape, or titles or wrong another length.

    Example:
        >>> figure = digit_grid(np.zeros((12, 28, 28)), [str(k) for k in range(12)])
        >>> len(figure.axes)
        20
    """
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim != 3 or len(images) == 0:
        raise ValueError(
            f"Digits of the shape {images.shape} came; (n, 28, 28) with n of 1 or more is needed. "
            "For one digit write images[:1]."
        )
    for name, values in (("titles", titles), ("wrong", wrong)):
        if values is not None and len(values) != len(images):
            raise ValueError(f"{len(values)} {name} came for {len(images)} digits; give one each.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    height = rows * (1.15 if titles else 0.95)
    figure, axes = plt.subplots(
        rows, columns, figsize=(columns * 0.95, height), layout="constrained", squeeze=False
    )
    for k, axis in enumerate(axes.flat):
        axis.axis("off")
        if k < len(images):
            is_wrong = wrong is not None and bool(wrong[k])
            axis.imshow(images[k], cmap="Reds_r" if is_wrong else "gray")
            if titles:
                axis.set_title(f"✗ {titles[k]}" if is_wrong else titles[k], fontsize=9)
    return figure


def weight_images(weights: np.ndarray) -> Figure:
    """Draw the weights of each class as a picture, blue positive and red negative.

    Args:
        weights: `(784, 10)` or `(28, 28, 10)`, one column a class.

    Returns:
        The figure: ten pictures on one colour scale, and the scale.

    Raises:
        ValueError: the weights have another shape.

    Example:
        >>> figure = weight_images(np.random.default_rng(0).normal(size=(784, 10)))
        >>> len(figure.axes)  # ten pictures and the scale
        11
    """
    weights = np.asarray(weights)
    if weights.size != 28 * 28 * CLASSES or weights.shape[-1] != CLASSES:
        raise ValueError(f"Weights of the shape {weights.shape} came; (784, 10) is needed.")
    images = np.moveaxis(weights.reshape(28, 28, CLASSES), -1, 0)  # (class, height, width)
    largest = max(float(np.abs(images).max()), 1e-12)
    figure, axes = plt.subplots(2, 5, figsize=(9, 3.8), layout="constrained")
    for digit, axis in enumerate(axes.flat):
        drawn = axis.imshow(images[digit], cmap="RdBu", vmin=-largest, vmax=largest)
        axis.set_title(f"class {digit}", fontsize=10)
        axis.axis("off")
    figure.colorbar(drawn, ax=axes, label="weight (blue: speaks for the class)", shrink=0.9)
    return figure


def confusion_matrix(counts: np.ndarray) -> Figure:
    """Draw how often each class was taken for each other one.

    Args:
        counts: `(10, 10)` numbers of examples; row: true class, column: predicted class.

    Returns:
        The figure. The diagonal (right answers) is left pale, so that mistakes stand out.

    Raises:
        ValueError: the table is not square.

    Example:
        >>> figure = confusion_matrix(np.eye(10, dtype=int))
        >>> figure.axes[0].get_xlabel()
        'predicted digit'
    """
    counts = np.asarray(counts)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"A table of the shape {counts.shape} came; (10, 10) is needed.")
    classes = range(len(counts))
    mistakes = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    figure, axis = plt.subplots(figsize=(5.6, 5), layout="constrained")
    axis.imshow(mistakes, cmap="Reds")
    dark = mistakes.max() * 0.6
    for row in classes:
        for column in classes:
            colour = "white" if mistakes[row, column] > dark > 0 else "black"
            axis.text(
                column, row, counts[row, column], ha="center", va="center", size=8, color=colour
            )
    axis.set(xlabel="predicted digit", ylabel="true digit", xticks=classes, yticks=classes)
    return figure
