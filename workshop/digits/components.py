"""Connected marks of ink, and which of them are the digit."""

import numpy as np

from workshop.digits.strokes import stroke_width

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
        raise NoDigitError("nothing but noise is in it")
    sizes = np.bincount(names.ravel(), minlength=count + 1)
    sizes[0] = 0
    boxes = _boxes(names, count)
    inside = ~_at_edge(names, count)
    largest_of_all = sizes.max()
    candidates = np.where(inside, sizes, 0)
    if candidates.max() < SPECK * largest_of_all:
        candidates = sizes
    main = int(candidates.argmax())
    near = _near(boxes, main) & (candidates > SPECK * candidates[main])
    near[main] = True
    top, left = boxes[near, :2].min(axis=0)
    bottom, right = boxes[near, 2:].max(axis=0)
    digit = _cut(ink, near[names], (top, left, bottom, right))
    longest = max(digit.shape) - 2
    if longest < SMALLEST * max(ink.shape):
        raise NoDigitError(f"the largest mark is {longest} pixels of {max(ink.shape)}")
    if stroke_width(digit) > MASSIVE * longest:
        raise NoDigitError("the largest mark is a spot or a surface, without strokes")
    return digit


def _cut(ink, mine, box):
    # The soft edge of a mark lies outside of it.
    around = np.pad(mine, 1)
    for axis in (0, 1):
        around = around | np.roll(around, 1, axis) | np.roll(around, -1, axis)
    kept = np.pad(ink, 1) * around
    top, left, bottom, right = box
    return kept[top : bottom + 3, left : right + 3]


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
    height, width = marked.shape
    flat = np.zeros((height, width + 1), dtype=np.int8)  # a column of paper ends every run
    flat[:, :-1] = marked
    change = np.diff(flat.ravel(), prepend=0)
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    names = np.zeros(marked.shape, dtype=np.int32)
    if not 0 < len(starts) <= MOST_MARKS:
        return names, 0
    rows = starts // (width + 1)
    first, last = starts % (width + 1), ends % (width + 1)
    roots = _joined(rows, first, last)
    numbers = np.unique(roots, return_inverse=True)[1] + 1
    for row, begin, end, number in zip(rows, first, last, numbers, strict=True):
        names[row, begin:end] = number
    return names, int(numbers.max())


def _joined(rows, first, last):
    parent = list(range(len(rows)))

    def root(run):
        while parent[run] != run:
            parent[run] = run = parent[parent[run]]
        return run

    above = 0
    for run in range(len(rows)):
        while rows[above] < rows[run] - 1 or (
            rows[above] == rows[run] - 1 and last[above] < first[run]
        ):
            above += 1
        touching = above
        while rows[touching] == rows[run] - 1 and first[touching] <= last[run]:
            parent[root(touching)] = root(run)
            touching += 1
    return [root(run) for run in range(len(rows))]


def _boxes(names, count):
    rows, columns = np.nonzero(names)
    found = names[rows, columns]
    boxes = np.tile(np.array([10**9, 10**9, -1, -1]), (count + 1, 1))
    for place, (values, combine) in enumerate(
        [(rows, np.minimum), (columns, np.minimum), (rows, np.maximum), (columns, np.maximum)]
    ):
        combine.at(boxes[:, place], found, values)
    return boxes


def _at_edge(names, count):
    touching = np.zeros(count + 1, dtype=bool)
    for line in (names[0], names[-1], names[:, 0], names[:, -1]):
        touching[line] = True
    return touching


def _near(boxes, main):
    box = boxes[main]
    reach = NEAR * max(box[2] - box[0], box[3] - box[1])
    gap_down = np.maximum(boxes[:, 0] - box[2], box[0] - boxes[:, 2])
    gap_across = np.maximum(boxes[:, 1] - box[3], box[1] - boxes[:, 3])
    return np.maximum(gap_down, gap_across) <= reach
