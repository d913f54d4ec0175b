"""Pictures that somebody brings: from a file, its bytes or an array to pixels that are right."""

import io
import os
import re
import warnings
from pathlib import Path

import numpy as np

from workshop.messages import say

LARGEST = 64_000_000  # pixels to decode: 64 MB grey, 256 MB in colour
MOST_BYTES = 64_000_000
LEAST = 8  # pixels of a side
DEEP = {"I", "I;16", "I;16B", "I;16L", "I;16N"}  # whole numbers above 255
WHITE = (255, 255, 255, 255)
HEIC = re.compile(rb"....ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", re.DOTALL)


def read_picture(picture, *, longest: int = 1024) -> np.ndarray:
    """Read a picture, whatever kind of file it is.

    Turned as its EXIF tag says; of an animation the first frame; what is transparent lies on white
    paper. Grey, palettes and CMYK become red, green and blue, and 16 bits become 8.

    Args:
        picture: a path, the bytes of a file, an open file, a PIL image, or an array
            (height, width[, 1, 3 or 4]), 0..255 or floats 0..1.
        longest: pixels of the longer side; a larger picture is reduced, a smaller one stays.

    Returns:
        uint8 (height, width, 3), 0..255; a new array.

    Raises:
        ValueError: not a picture, a damaged, too large or too small one.

    Example:
        >>> read_picture(np.zeros((60, 90), dtype="uint8")).shape
        (60, 90, 3)
    """
    image = open_picture(picture, longest=longest)
    if image.has_transparency_data or "A" in image.getbands():
        image = on_white(image)
    return np.array(image.convert("RGB"))


def on_white(image):
    """Lay a PIL image on white paper.

    Args:
        image: in any mode.

    Returns:
        A PIL image, RGBA, with nothing transparent.
    """
    from PIL import Image

    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, WHITE), image)


def open_picture(picture, *, longest: int, mode: str = "RGB"):
    """Open a picture upright, reduced, with at most 256 levels in a band.

    Args:
        picture: what `read_picture` takes.
        longest: pixels of the longer side; a larger picture is reduced.
        mode: what it is wanted in, `"L"` (grey) or `"RGB"`: a JPEG file is then decoded faster.

    Returns:
        A PIL image in a mode of its own, with or without transparency.

    Raises:
        ValueError: not a picture, a damaged, too large or too small one.
    """
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            # Pillow warns of many pixels; LARGEST says what is too many here.
            warnings.simplefilter("ignore")
            image = _opened(picture)
            size = image.size
            if image.format == "JPEG":
                image.draft(mode, (2 * longest, 2 * longest))
            if image.width * image.height > LARGEST:
                raise Image.DecompressionBombError
            _check_size(*size)
            image = _in_bytes(ImageOps.exif_transpose(image))
            image.thumbnail((longest, longest), Image.Resampling.BOX, reducing_gap=None)
            return image
    except Image.DecompressionBombError as error:
        raise ValueError(
            say(
                "Expected a picture of at most {most} million pixels, got a larger one. Reduce "
                "it, or cut out what matters.",
                most=LARGEST // 1_000_000,
            )
        ) from error
    except (OSError, SyntaxError, EOFError, IndexError, MemoryError, OverflowError) as error:
        # What the decoders of damaged files raise.
        raise ValueError(
            say(
                "The picture is damaged: it could not be read to its end ({error}). Save it "
                "again, as a PNG, JPEG, WebP, GIF or BMP file.",
                error=error,
            )
        ) from error


def _check_size(width: int, height: int) -> None:
    if min(width, height) < LEAST:
        raise ValueError(
            say(
                "Expected a picture of at least {least} x {least} pixels, got {width} x {height}. "
                "Take a larger one.",
                **{"least": LEAST, "width": width, "height": height},
            )
        )


def _opened(picture):
    from PIL import Image

    if isinstance(picture, Image.Image):
        return picture
    if isinstance(picture, str | os.PathLike):
        picture = _bytes_of(picture)
    elif hasattr(picture, "read"):
        picture = picture.read(MOST_BYTES)
    if not isinstance(picture, bytes | bytearray | memoryview):
        return _from_array(picture)
    if len(picture) >= MOST_BYTES:
        raise ValueError(
            say(
                "Expected a file of less than {most} MB, got {most} MB or more.",
                most=MOST_BYTES // 1_000_000,
            )
        )
    try:
        return Image.open(io.BytesIO(picture))
    except Image.UnidentifiedImageError as error:
        if HEIC.match(picture):
            raise ValueError(
                say(
                    "This is a HEIC file, as iPhones keep photographs, whatever its name says. "
                    "Export it as a JPEG file."
                )
            ) from error
        raise ValueError(
            say(
                "Expected a PNG, JPEG, WebP, GIF or BMP file, got {size:,} bytes that are no "
                "picture, whatever the file's name says.",
                size=len(picture),
            )
        ) from error


def _bytes_of(place: str | os.PathLike) -> bytes:
    if re.match(r"[a-z]+://", str(place), re.IGNORECASE):
        raise ValueError(
            say(
                "{address:.60} is an address, and nothing is fetched here. Save the picture (in a "
                "browser with the right button), then give the path of the file.",
                address=str(place),
            )
        )
    path = Path(place).expanduser()
    if not path.is_file():
        raise ValueError(
            say(
                "There is no file {path!r}; give the path of a PNG, JPEG, WebP, GIF or BMP file.",
                path=str(path),
            )
        )
    return path.read_bytes() if path.stat().st_size <= MOST_BYTES else bytes(MOST_BYTES)


def _from_array(picture):
    from PIL import Image

    try:
        pixels = np.asarray(picture)
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
                kind=type(picture).__name__,
                shape=pixels.shape,
            )
        )
    pixels = np.nan_to_num(pixels.astype(np.float32))
    # Values of 0..1, of 0..65,535 and of 0..255, as files and libraries have them.
    pixels *= 255 if pixels.max() <= 1 else 1 / 257 if pixels.max() > 255 else 1
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def _in_bytes(image):
    """Bring more than 256 levels of grey to 256, the brightest that the format knows to white.

    Pillow's `convert` would cut at 255, so that nearly all of a picture of 16 bits is white.
    """
    if image.mode in DEEP or image.mode == "F":
        return _from_array(np.asarray(image))
    return image
