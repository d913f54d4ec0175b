"""Reads a photograph of a digit: turns it upright, evens its light, finds the ink."""

import io
import os
import warnings
from pathlib import Path

import numpy as np

from workshop.digits.components import NoDigitError, largest_component
from workshop.digits.ink import digit_from_ink

PAD = 280
FILLED = 220  # of the pad's side, by the digit of a photograph
LARGEST = 64_000_000  # pixels to decode: 64 MB grey, 256 MB in colour
MOST_BYTES = 64_000_000
WORKING = 640  # pixels of the longer side on which the ink is looked for
WINDOW = 0.3  # of that side: wider than any stroke
# Grey levels of 255 between paper and ink, and how often the paper's own unevenness that must be.
LEAST_CONTRAST, LEAST_OVER_NOISE = 20, 5
WHITE = (255, 255, 255, 255)
FORMATS = "a PNG, JPEG, WebP, GIF or BMP file"
NO_DIGIT = (
    "No digit was found in the photograph: {why}. Needed is one dark digit on light paper, or a "
    "light one on dark, that fills much of the picture: go nearer, use a thicker pen, or cut the "
    "picture to the digit."
)


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

    ink = _digit(_grey(photograph))
    height, width = ink.shape
    factor = FILLED / max(ink.shape)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    scaled = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BICUBIC))
    pad = np.zeros((PAD, PAD), dtype=np.uint8)
    top, left = (PAD - size[1]) // 2, (PAD - size[0]) // 2
    pad[top : top + size[1], left : left + size[0]] = scaled
    return pad


# Opening ------------------------------------------------------------------------------------------


def _grey(photograph):
    """Give the photograph upright and grey, float32 (height, width), 0..255, reduced."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            # Pillow warns of many pixels; LARGEST says what is too many here.
            warnings.simplefilter("ignore")
            image = _opened(photograph, Image)
            if image.width * image.height > LARGEST:
                raise Image.DecompressionBombError
            if min(image.size) < 8:
                raise ValueError(
                    f"The photograph came with {image.width} x {image.height} pixels; needed are "
                    "at least 8 x 8. Take a larger one."
                )
            image = ImageOps.exif_transpose(image)
            return _flattened(image, Image)
    except Image.DecompressionBombError as error:
        raise ValueError(
            f"The photograph came with more than {LARGEST // 1_000_000} million pixels; needed is "
            "a smaller one. Reduce it, or cut it to the digit."
        ) from error
    except (OSError, SyntaxError, EOFError, IndexError, MemoryError, OverflowError) as error:
        # What the decoders of damaged files raise.
        raise ValueError(
            f"The photograph came damaged: it could not be read to its end ({error}). Needed is "
            f"{FORMATS}; save it again."
        ) from error


def _opened(photograph, Image):
    if isinstance(photograph, Image.Image):
        return photograph
    if isinstance(photograph, str | os.PathLike):
        path = Path(photograph).expanduser()
        if not path.is_file():
            raise ValueError(f"There is no file {str(path)!r}; give the path of {FORMATS}.")
        photograph = path.read_bytes() if path.stat().st_size <= MOST_BYTES else bytes(MOST_BYTES)
    elif hasattr(photograph, "read"):
        photograph = photograph.read(MOST_BYTES)
    if not isinstance(photograph, bytes | bytearray | memoryview):
        return _from_array(photograph, Image)
    if len(photograph) >= MOST_BYTES:
        raise ValueError(
            f"The file came with {MOST_BYTES // 1_000_000} MB or more; needed is a smaller one."
        )
    try:
        image = Image.open(io.BytesIO(photograph))
    except Image.UnidentifiedImageError as error:
        raise ValueError(
            f"The file came with {len(photograph):,} bytes that are no picture, whatever its name "
            f"says; needed is {FORMATS}."
        ) from error
    image.draft("L", (2 * WORKING, 2 * WORKING))  # a JPEG file is reduced while it is decoded
    return image


def _from_array(photograph, Image):
    try:
        pixels = np.asarray(photograph)
    except ValueError:
        pixels = np.empty(0, dtype=object)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    colours = pixels.ndim == 3 and pixels.shape[2] in {3, 4}
    if pixels.dtype.kind not in "buif" or not (pixels.ndim == 2 or colours) or not pixels.size:
        raise ValueError(
            f"The photograph came as {type(photograph).__name__}, shape {pixels.shape}; needed is "
            f"the path or the bytes of {FORMATS}, a PIL image, or an array (height, width) or "
            "(height, width, 3 or 4)."
        )
    pixels = np.nan_to_num(pixels.astype(np.float32))
    if pixels.max() <= 1:
        pixels = pixels * 255
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def _flattened(image, Image):
    if image.mode in {"I", "F", "I;16", "I;16B", "I;16L", "I;16N"}:  # more than 256 grey levels
        values = np.asarray(image, dtype=np.float32)
        low, high = values.min(), values.max()
        image = Image.fromarray(np.uint8(np.rint((values - low) * (255 / max(high - low, 1e-9)))))
    image.thumbnail((WORKING, WORKING), Image.Resampling.BOX, reducing_gap=None)
    if not (image.has_transparency_data or "A" in image.getbands()):
        return np.asarray(image.convert("L"), dtype=np.float32)
    image = image.convert("RGBA")
    on_white = Image.alpha_composite(Image.new("RGBA", image.size, WHITE), image)
    grey = np.asarray(on_white.convert("L"), dtype=np.float32)
    alpha = np.asarray(image.getchannel("A"), dtype=np.float32)
    # White ink on nothing: on white it cannot be seen, so its opacity is the picture.
    return 255 - alpha if np.ptp(grey) < LEAST_CONTRAST else grey


def _digit(grey):
    problems = []
    for photograph in _polarities(grey):
        try:
            return largest_component(_ink(_darkness(photograph)))
        except NoDigitError as error:
            problems.append(str(error))
    raise NoDigitError(NO_DIGIT.format(why=problems[0]))


# Light and ink ------------------------------------------------------------------------------------


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

    quiet = np.asarray(Image.fromarray(np.uint8(grey)).filter(ImageFilter.MedianFilter(3)))
    window = round(WINDOW * max(grey.shape))
    # Mirrored, so that the window finds as much paper at the edge as in the middle.
    paper = np.pad(quiet, window - 1, mode="symmetric")
    for combine in (np.maximum, np.minimum):
        for _ in range(2):
            paper = _slide(paper, combine, window).T
    return np.maximum(paper.astype(np.float32) - quiet, 0)


def _slide(values, combine, window):
    """Give the extreme of each window of rows; shorter by window - 1 rows."""
    reached = 1
    while reached < window:
        step = min(reached, window - reached)
        values = combine(values[:-step], values[step:])
        reached += step
    return values


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
        raise NoDigitError(f"ink and paper differ by only {contrast:.0f} grey levels of 255")
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
