"""A drawing made into a digit as MNIST's were made."""

import numpy as np

from workshop.messages import say

SIDE = 28
BOX = 20
MIDDLE = 14  # the pixel on which MNIST's centres of mass lie, counted from 0
# The drawing is fitted, measured and smoothed at so many pixels for each one of the digit.
FINE = 5
# Four in five of MNIST's digits have strokes of such widths, in pixels of the digit.
NARROWEST, WIDEST = 2.0, 3.8
FAINT = 8  # of 255: less is paper
# Ink that is smaller than this share of the paper's shorter side is a dot and not a digit.
SMALLEST = 0.12


def digit_from_ink(ink: np.ndarray) -> np.ndarray:
    """Make a digit of a drawing by the steps that made MNIST.

    The box around the ink is fitted into 20 x 20 pixels with its proportions kept and its edges
    smoothed, then moved by whole pixels until its centre of mass lies in the middle of 28 x 28.
    Strokes that are narrower or wider than MNIST's get the width of its narrowest or widest.

    Args:
        ink: (height, width), 0 is paper; ink has the largest value. Integers, floats or booleans.

    Returns:
        uint8 (28, 28), 0..255, a new array.

    Raises:
        ValueError: no ink, only a dot of it, another number of axes, values that are no numbers.

    Example:
        >>> ink = np.zeros((280, 280), dtype="uint8")
        >>> ink[10:110, 20:30] = 255  # a 1, small and in a corner
        >>> digit = digit_from_ink(ink)
        >>> digit.shape, np.flatnonzero(digit.any(axis=1))[[0, -1]]
        ((28, 28), array([ 4, 23]))

    Source:
        Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits.
    """
    drawn = _box(_as_ink(ink))
    fine = _fitted(drawn, BOX * FINE)
    fine = _with_usual_strokes(fine)
    # Means of blocks, from the middle of a square, so that a narrow 1 is not stretched.
    small = fine.reshape(BOX, FINE, BOX, FINE).sum(axis=(1, 3), dtype=np.int64)
    small = (2 * 255 * small + small.max()) // (2 * small.max())  # rounded, the largest is 255
    return _by_centre_of_mass(small)


def _as_ink(ink):
    given = np.asarray(ink)
    if given.ndim != 2 or given.dtype.kind not in "buif" or 0 in given.shape:
        raise ValueError(
            say(
                "ink: expected numbers of shape (height, width), 0 for paper, got shape {shape} "
                "and dtype {dtype}. For a picture use digit_from_photograph.",
                shape=given.shape,
                dtype=given.dtype,
            )
        )
    values = given.astype(np.float32)
    if not np.isfinite(values).all() or values.min() < 0:
        raise ValueError(
            say(
                "ink: expected 0 for paper and more for ink, such as 0..255, got values that are "
                "negative, NaN or infinite."
            )
        )
    if values.max() == 0:
        raise ValueError(
            say(
                "ink: expected a digit, got empty paper: all {count:,} values are 0. Draw a digit "
                "first.",
                count=given.size,
            )
        )
    return np.rint(values * (255 / values.max())).astype(np.uint8)


def _box(ink):
    rows, columns = np.flatnonzero((ink > FAINT).any(1)), np.flatnonzero((ink > FAINT).any(0))
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    if max(height, width) < max(3, SMALLEST * min(ink.shape)):
        raise ValueError(
            say(
                "ink: expected a digit, got a dot of {height} x {width} pixels on {rows} x "
                "{columns}. Draw larger.",
                height=height,
                width=width,
                rows=ink.shape[0],
                columns=ink.shape[1],
            )
        )
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _fitted(ink, side):
    """Scale so that the longer side fills a square, in the middle of which the ink is put."""
    from PIL import Image

    factor = side / max(ink.shape)
    height, width = (max(1, round(length * factor)) for length in ink.shape)
    how = Image.Resampling.BOX if factor < 1 else Image.Resampling.BICUBIC
    scaled = np.asarray(Image.fromarray(ink).resize((width, height), how))
    square = np.zeros((side, side), dtype=np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = scaled
    return square


def _with_usual_strokes(fine):
    from workshop.digits.strokes import stroke_width, thicken

    side = len(fine)
    width = stroke_width(fine)
    wanted = np.clip(width, NARROWEST * FINE, WIDEST * FINE)
    if abs(wanted - width) < 0.5:
        return fine
    # The box grows with its strokes and is fitted again, which makes them narrower again.
    radius = (wanted - width) / 2 / (1 - wanted / side)
    radius = max(radius, -0.35 * width)  # parts of a stroke may be narrower: leave them something
    room = int(max(radius, 0)) + 2
    changed = thicken(np.pad(fine, room), radius)
    return _fitted(_box(changed), side) if (changed > FAINT).any() else fine


def _by_centre_of_mass(small):
    # Whole numbers, which no order of summing changes: a symmetric digit lies on a tie, and the
    # last bit of a mean would put it on one row with this processor and on the next with another.
    total, places = int(small.sum()), np.arange(BOX)
    digit = np.zeros((SIDE, SIDE), dtype=np.uint8)
    down, across = (_first_pixel(int(small.sum(axis) @ places), total) for axis in (1, 0))
    digit[down : down + BOX, across : across + BOX] = small
    return digit


def _first_pixel(moment, total):
    """Give the first place from which the centre of mass is at MIDDLE - 1/2 or after it.

    So MNIST decides a tie (three of its 70,000 digits lie on it), and so a symmetric digit lies
    in the middle of the picture.
    """
    first = -((2 * moment - (2 * MIDDLE - 1) * total) // (2 * total))
    # Ink all at one edge of its box could otherwise leave the picture.
    return min(max(first, 0), SIDE - BOX)
