"""Reads a photograph of a digit and draws the digit on a pad."""

import io
import os
import warnings
from pathlib import Path

import numpy as np

from workshop.digits.ink import digit_from_ink
from workshop.digits.light import LEAST_CONTRAST, ink_in_light
from workshop.messages import say

PAD = 280
FILLED = 220  # of the pad's side, by the digit of a photograph
LARGEST = 64_000_000  # pixels to decode: 64 MB grey, 256 MB in colour
MOST_BYTES = 64_000_000
WORKING = 640  # pixels of the longer side on which the ink is looked for
WHITE = (255, 255, 255, 255)


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
                    say(
                        "Expected a photograph of at least 8 x 8 pixels, got {width} x {height}. "
                        "Take a larger one.",
                        width=image.width,
                        height=image.height,
                    )
                )
            image = ImageOps.exif_transpose(image)
            return _flattened(image, Image)
    except Image.DecompressionBombError as error:
        raise ValueError(
            say(
                "Expected a photograph of at most {most} million pixels, got a larger one. Reduce "
                "it, or cut it to the digit.",
                most=LARGEST // 1_000_000,
            )
        ) from error
    except (OSError, SyntaxError, EOFError, IndexError, MemoryError, OverflowError) as error:
        # What the decoders of damaged files raise.
        raise ValueError(
            say(
                "The photograph is damaged: it could not be read to its end ({error}). Save it "
                "again, as a PNG, JPEG, WebP, GIF or BMP file.",
                error=error,
            )
        ) from error


def _opened(photograph, Image):
    if isinstance(photograph, Image.Image):
        return photograph
    if isinstance(photograph, str | os.PathLike):
        path = Path(photograph).expanduser()
        if not path.is_file():
            raise ValueError(
                say(
                    "There is no file {path!r}; give the path of a PNG, JPEG, WebP, GIF or BMP "
                    "file.",
                    path=str(path),
                )
            )
        photograph = path.read_bytes() if path.stat().st_size <= MOST_BYTES else bytes(MOST_BYTES)
    elif hasattr(photograph, "read"):
        photograph = photograph.read(MOST_BYTES)
    if not isinstance(photograph, bytes | bytearray | memoryview):
        return _from_array(photograph, Image)
    if len(photograph) >= MOST_BYTES:
        raise ValueError(
            say(
                "Expected a file of less than {most} MB, got {most} MB or more.",
                most=MOST_BYTES // 1_000_000,
            )
        )
    try:
        image = Image.open(io.BytesIO(photograph))
    except Image.UnidentifiedImageError as error:
        raise ValueError(
            say(
                "Expected a PNG, JPEG, WebP, GIF or BMP file, got {size:,} bytes that are no "
                "picture, whatever the file's name says.",
                size=len(photograph),
            )
        ) from error
    image.draft("L", (2 * WORKING, 2 * WORKING))  # a JPEG file is reduced while it is decoded
    return image


def _from_array(photograph, Image):
    try:
        pixels = np.asarray(photograph)
    except ValueError:
        pixels = np.empty(0, dtype=object)
    if pixels.ndim == 3 and pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    colours = pixels.ndim == 3 and pixels.shape[-1] in {3, 4}
    if pixels.dtype.kind not in "buif" or not (pixels.ndim == 2 or colours) or not pixels.size:
        raise ValueError(
            say(
                "Expected the path or the bytes of a PNG, JPEG, WebP, GIF or BMP file, a PIL "
                "image, or an array (height, width) or (height, width, 3 or 4), got {kind}, shape "
                "{shape}.",
                kind=type(photograph).__name__,
                shape=pixels.shape,
            )
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
