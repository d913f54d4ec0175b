"""Reads a photograph of a digit and draws the digit on a pad."""

import numpy as np

from workshop.data.pictures.read import on_white, open_picture
from workshop.digits.ink import digit_from_ink
from workshop.digits.light import LEAST_CONTRAST, ink_in_light

PAD = 280
FILLED = 220  # of the pad's side, by the digit of a photograph
WORKING = 640  # pixels of the longer side on which the ink is looked for


def digit_from_photograph(photograph) -> np.ndarray:
    """Make a digit of a photograph by the steps that made MNIST.

    The same as `digit_from_ink(ink_from_photograph(photograph))`.

    Args:
        photograph: a path, the bytes of a file, an open file, a PIL image, or an array
            (height, width[, 1, 3 or 4]), 0..255 or floats 0..1.

    Returns:
        uint8 (28, 28), 0..255, 0 is paper; a new array.

    Raises:
        ValueError: not a picture, too large a one, or no digit in it.

    Example:
        >>> paper = np.full((60, 90), 200, dtype="uint8")
        >>> paper[10:50, 40:46] = 40
        >>> digit_from_photograph(paper).max()
        np.uint8(255)
    """
    return digit_from_ink(ink_from_photograph(photograph))


def ink_from_photograph(photograph) -> np.ndarray:
    """Find the digit in a photograph and draw it in the middle of a pad.

    Turned as its EXIF tag says; transparent parts are white paper. Shades of the light are taken
    away, Otsu's threshold tells ink from paper, and of all marks the largest one stays, with what
    stands close to it.

    Args:
        photograph: what `digit_from_photograph` takes.

    Returns:
        uint8 (280, 280), 0..255, 0 is paper; a new array.

    Raises:
        ValueError: not a picture, too large a one, or no digit in it.

    Source:
        N. Otsu: A threshold selection method from gray-level histograms, 1979.
    """
    from PIL import Image

    ink = ink_in_light(_grey(photograph))
    height, width = ink.shape
    factor = FILLED / max(ink.shape)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    scaled = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BICUBIC))
    pad = np.zeros((PAD, PAD), dtype=np.uint8)
    top, left = (PAD - size[1]) // 2, (PAD - size[0]) // 2
    pad[top : top + size[1], left : left + size[0]] = scaled
    return pad


def _grey(photograph) -> np.ndarray:
    """Give the photograph upright and grey, float32 (height, width), 0..255, reduced."""
    image = open_picture(photograph, longest=WORKING, mode="L")
    if not (image.has_transparency_data or "A" in image.getbands()):
        return np.asarray(image.convert("L"), dtype=np.float32)
    opacity = np.asarray(image.convert("RGBA").getchannel("A"), dtype=np.float32)
    grey = np.asarray(on_white(image).convert("L"), dtype=np.float32)
    # White ink on nothing: on white it cannot be seen, so its opacity is the picture.
    return 255 - opacity if np.ptp(grey) < LEAST_CONTRAST else grey
