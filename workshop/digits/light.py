"""Finds the ink of a digit in a grey photograph, in whatever light it was taken."""

import numpy as np

from workshop.digits.components import NoDigitError, largest_component
from workshop.messages import say

WINDOW = 0.3  # of the photograph's longer side: wider than any stroke
# Grey levels of 255 between paper and ink, and how often the paper's own unevenness that must be.
LEAST_CONTRAST, LEAST_OVER_NOISE = 20, 5


def ink_in_light(grey: np.ndarray) -> np.ndarray:
    """Find the digit in a grey photograph, dark on light or light on dark.

    Args:
        grey: float32 (height, width), 0..255.

    Returns:
        uint8, 0 is paper and 255 ink, a new array of the digit's size.

    Raises:
        NoDigitError: no ink, or none that could be a digit.

    Example:
        >>> grey = np.full((60, 90), 200, dtype="float32")
        >>> grey[10:50, 40:46] = 40
        >>> ink_in_light(grey).shape  # one pixel of paper around the digit
        (42, 8)
    """
    problems = []
    for photograph in _polarities(grey):
        try:
            return largest_component(_ink(_darkness(photograph)))
        except NoDigitError as error:
            problems.append(str(error))
    raise NoDigitError(
        say(
            "No digit was found in the photograph. {why} Expected one dark digit on light paper, "
            "or a light one on dark, that fills much of the picture: go nearer, use a thicker pen, "
            "or cut the picture to the digit.",
            why=problems[0],
        )
    )


def _polarities(grey):
    """Give the photograph with dark ink: as it is and inverted, the likelier one first."""
    border = max(2, round(0.06 * min(grey.shape)))
    frame = np.zeros(grey.shape, dtype=bool)
    frame[:border] = frame[-border:] = frame[:, :border] = frame[:, -border:] = True
    low, high = np.percentile(grey - _plane(grey, frame), [0.5, 99.5])
    return (255 - grey, grey) if high > -low else (grey, 255 - grey)


def _plane(grey, known):
    # Where the light falls off, the border is darker on one side.
    rows, columns = np.nonzero(known)
    levels = grey[known].astype(np.int64)
    away = levels - np.median(levels)
    for _ in range(4):
        # Ink or the edge of a table that lies on the border must not tilt the plane.
        near = np.abs(away) <= 2.5 * np.median(np.abs(away)) + 2
        level, down, across = _least_squares(rows[near], columns[near], levels[near])
        away = levels - (level + down * rows + across * columns)
    height, width = grey.shape
    return level + down * np.arange(height)[:, np.newaxis] + across * np.arange(width)


def _least_squares(rows, columns, levels):
    """Give level, slope down and slope across, from sums of whole numbers.

    A solver of linear algebra has other last bits on each processor, and they would decide which
    polarity a sheet of paper as light as its ink is read in.
    """

    def together(one, other):
        return len(levels) * int(one @ other) - int(one.sum()) * int(other.sum())

    down, across, both = together(rows, rows), together(columns, columns), together(rows, columns)
    parted = down * across - both**2
    if not parted:  # all in a line
        return int(levels.sum()) / len(levels), 0.0, 0.0
    with_down, with_across = together(rows, levels), together(columns, levels)
    slope_down = (with_down * across - with_across * both) / parted
    slope_across = (with_across * down - with_down * both) / parted
    level = int(levels.sum()) - slope_down * int(rows.sum()) - slope_across * int(columns.sum())
    return level / len(levels), slope_down, slope_across


def _darkness(grey):
    """Give how much darker than the paper around it each pixel is, float32, 0 or more.

    Paper is the lightest in a window that is wider than any stroke; shadows are wider still.
    """
    from PIL import Image, ImageFilter
    from scipy import ndimage

    quiet = np.asarray(Image.fromarray(np.uint8(grey)).filter(ImageFilter.MedianFilter(3)))
    window = round(WINDOW * max(grey.shape))
    # Mirrored, so that the window finds as much paper at the edge as in the middle.
    paper = ndimage.grey_closing(np.pad(quiet, window, mode="symmetric"), window)
    paper = paper[window:-window, window:-window].astype(np.float32)
    return np.maximum(paper - quiet, 0)


def _ink(darkness):
    """Give the ink, uint8 0..255 with soft edges, 0 where the paper is."""
    levels = np.clip(np.rint(darkness), 0, 255).astype(np.uint8)
    threshold = _otsu(np.bincount(levels.ravel(), minlength=256))
    if (levels > threshold).any():  # the lines of ruled paper are fainter than a pen
        threshold = max(threshold, 0.45 * np.percentile(levels[levels > threshold], 90))
    dark = levels > threshold
    contrast = levels[dark].mean() - levels[~dark].mean() if dark.any() else 0.0
    noise = levels[~dark].std()
    if contrast < max(LEAST_CONTRAST, LEAST_OVER_NOISE * noise):
        raise NoDigitError(
            say(
                "Ink and paper differ by only {contrast:.0f} of 255 grey levels.",
                contrast=contrast,
            )
        )
    # From paper to ink over the middle half of their difference: the edge of a pen in a lens.
    middle, reach = float(threshold), contrast / 4
    soft = (darkness - (middle - reach)) / (2 * reach)
    return np.uint8(np.clip(soft, 0, 1) * 255)


def _otsu(counts):
    """Give the level that parts the histogram into the two most different halves."""
    levels = np.arange(len(counts))
    below = np.cumsum(counts)
    above = below[-1] - below
    sum_below = np.cumsum(counts * levels)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = sum_below / below - (sum_below[-1] - sum_below) / above
        between = np.nan_to_num(below * above * apart.astype(np.float64) ** 2)
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return int(best.mean())
