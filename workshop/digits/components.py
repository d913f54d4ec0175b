"""Connected marks of ink, and which of them are the digit."""

import numpy as np

from workshop.digits.strokes import SQUARE, stroke_width
from workshop.messages import say

# A mark smaller than this share of the largest one is a speck; one farther from it than this
# share of its size belongs to something else.
SPECK, NEAR = 0.03, 0.25
SMALLEST = 0.04  # of the picture's longer side
MASSIVE = 0.32  # of the mark's longer side: strokes of MNIST's are up to 0.27 wide
MOST_MARKS = 20_000  # runs of pixels; noise has more


class NoDigitError(ValueError):
    """A picture in which no digit was found."""


def largest_component(ink: np.ndarray) -> np.ndarray:
    """Cut the digit out: the largest mark and what stands close to it, without specks.

    Marks that run over the picture's edge (a table, a shadow) count only if there are no others.

    Args:
        ink: uint8 (height, width), 0..255.

    Returns:
        uint8, a new array with one pixel of paper around the digit.

    Raises:
        NoDigitError: no mark, only specks, or one that is too massive for a digit.

    Example:
        >>> ink = np.zeros((50, 50), dtype="uint8")
        >>> ink[10:40, 20:24] = 255
        >>> ink[2, 2] = 255  # a speck
        >>> largest_component(ink).shape
        (32, 6)
    """
    names, count = label(ink > 127)
    if not count:
        raise NoDigitError(say("The picture holds nothing but noise."))
    sizes = np.bincount(names.ravel())
    sizes[0] = 0
    inside = sizes.copy()
    inside[np.concatenate([names[0], names[-1], names[:, 0], names[:, -1]])] = 0
    candidates = inside if inside.max() >= SPECK * sizes.max() else sizes
    main = _largest(names, candidates)
    near = _near(names, main) & (candidates > SPECK * candidates[main])
    near[main] = True
    digit = _cut(ink, near[names])
    longest = max(digit.shape) - 2
    if longest < SMALLEST * max(ink.shape):
        raise NoDigitError(
            say(
                "The largest mark is {length} pixels long in a picture of {side}.",
                length=longest,
                side=max(ink.shape),
            )
        )
    if stroke_width(digit) > MASSIVE * longest:
        raise NoDigitError(say("The largest mark is a spot or a surface, without strokes."))
    return digit


def label(marked: np.ndarray) -> tuple[np.ndarray, int]:
    """Number the connected marks, corners included.

    Args:
        marked: bool (height, width).

    Returns:
        int32 (height, width), 0 for paper and from 1 for the marks; how many there are, 0 also
        where they are so many that they can only be noise.

    Example:
        >>> label(np.eye(3, dtype=bool))[1], label(np.array([[True, False, True]]))[1]
        (1, 2)
    """
    from scipy import ndimage

    ends = np.diff(marked, prepend=False, append=False)  # every run of pixels has two
    if np.count_nonzero(ends) > 2 * MOST_MARKS:
        return np.zeros(marked.shape, dtype=np.int32), 0
    return ndimage.label(marked, SQUARE)


def _largest(names, sizes):
    """Give the largest mark; of equal ones that whose last pixel, row by row, comes first.

    So it does not depend on the order in which marks were numbered.
    """
    last = np.zeros(len(sizes), dtype=np.int64)
    last[names.ravel()] = np.arange(names.size)  # of several places the last one stays
    return np.lexsort((last, -sizes))[0]


def _near(names, main):
    from scipy import ndimage

    paper = tuple(slice(0, length) for length in names.shape)
    boxes = [paper, *ndimage.find_objects(names)]
    first = np.array([[side.start for side in box] for box in boxes])
    last = np.array([[side.stop - 1 for side in box] for box in boxes])
    reach = NEAR * (last[main] - first[main]).max()
    return np.maximum(first - last[main], first[main] - last).max(axis=1) <= reach


def _cut(ink, mine):
    from scipy import ndimage

    # The soft edge of a mark lies outside of it.
    around = ndimage.binary_dilation(np.pad(mine, 1), SQUARE)
    return (np.pad(ink, 1) * around)[ndimage.find_objects(around, 1)[0]]
