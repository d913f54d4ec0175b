"""How wide the strokes of a drawing are, and the same drawing with wider or narrower ones."""

import numpy as np

CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], dtype=bool)
SQUARE = np.ones((3, 3), dtype=bool)
OCTAGON = (CROSS, SQUARE)  # in turns they make one, which is nearly round


def stroke_width(ink: np.ndarray) -> float:
    """Measure the typical width of strokes by peeling them.

    A stroke of width w loses a pixel on each side with every peeling. Its pixels survive w / 4
    peelings on average, and that average is what is measured.

    Args:
        ink: uint8 (height, width), 0 is paper and 255 ink; some ink.

    Returns:
        The width in pixels.

    Example:
        >>> bar = np.zeros((100, 60), dtype="uint8")
        >>> bar[10:90, 20:32] = 255
        >>> round(stroke_width(bar), 1)
        11.4
    """
    from scipy import ndimage

    area, left, peelings = int(ink.sum(dtype=np.int64)), ink, 0
    survived = -area / 2  # the outermost pixels lie half a pixel deep
    while left.any():
        survived += int(left.sum(dtype=np.int64))
        left = ndimage.grey_erosion(left, footprint=OCTAGON[peelings % 2], mode="constant")
        peelings += 1
    return 4 * survived / area


def thicken(ink: np.ndarray, radius: float) -> np.ndarray:
    """Make strokes wider by a radius on each side, or narrower by a negative one.

    Args:
        ink: uint8 (height, width); leave paper around it for what it grows.
        radius: pixels; a part of a pixel is a mixture of its two neighbours.

    Returns:
        uint8 of the same shape, a new array.

    Example:
        >>> bar = np.zeros((9, 9), dtype="uint8")
        >>> bar[:, 4] = 255
        >>> thicken(bar, 1.5)[4]
        array([  0,   0, 128, 255, 255, 255, 128,   0,   0], dtype=uint8)
    """
    from scipy import ndimage

    change = ndimage.grey_dilation if radius > 0 else ndimage.grey_erosion
    whole, part = divmod(abs(radius), 1)
    inner = outer = ink
    for step in range(int(whole) + 1):
        inner, outer = outer, change(outer, footprint=OCTAGON[step % 2], mode="constant")
    return np.rint(inner * (1 - part) + outer * part).astype(np.uint8)
