"""The photographs that the package carries."""

from pathlib import Path

import numpy as np

from workshop.data.idx import DamagedDataError
from workshop.data.pictures.read import read_picture
from workshop.messages import say

FILES = Path(__file__).parent / "files"
NAMES = ("chelsea", "coffee", "camera", "rocket", "astronaut", "retina")


def load_photographs() -> dict[str, np.ndarray]:
    """Load six photographs: cat, coffee, photographer, rocket, astronaut, the back of an eye.

    They come with the package: no network is needed.

    Returns:
        For each name a new array, uint8 (height, width, 3), 0..255, of at most 512 pixels a side.

    Raises:
        DamagedDataError: a file is missing or damaged.

    Example:
        >>> load_photographs()["coffee"].shape
        (341, 512, 3)

    Source:
        Public domain and CC0 by way of scikit-image; see files/LICENSE.md beside this module.
    """
    return {name: _read(FILES / f"{name}.jpg") for name in NAMES}


def _read(path: Path) -> np.ndarray:
    try:
        return read_picture(path)
    except ValueError as error:
        raise DamagedDataError(
            say("{error} Reinstall the workshop, or restore {path}.", error=error, path=path)
        ) from error
