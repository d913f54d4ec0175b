"""The four tables of MNIST as files: what each must be, and reading none that is not."""

import gzip
import hashlib
import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workshop.messages import say

_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 20


class DataError(Exception):
    """The data cannot be had; the text says what is there, what is needed and what to do."""


class MissingDataError(DataError):
    """There is nothing of MNIST at this place."""


class DamagedDataError(DataError):
    """There is something at this place, but it is not MNIST."""


@dataclass(frozen=True)
class Part:
    """One of the four tables of MNIST.

    Args:
        name: name of its IDX file, unpacked.
        key: its name in an `mnist.npz`.
        shape: shape of the array, uint8.
        sha256: digest of the unpacked IDX file, header included.
    """

    name: str
    key: str
    shape: tuple[int, ...]
    sha256: str

    @property
    def header(self) -> bytes:
        """The bytes before the first value: 0, 0, 8 for uint8, the rank, then each axis."""
        return struct.pack(f">BBBB{len(self.shape)}I", 0, 0, 8, len(self.shape), *self.shape)

    @property
    def size(self) -> int:
        """Bytes of the whole file, unpacked."""
        return len(self.header) + math.prod(self.shape)


# The digests are those of the files that Y. LeCun published, unpacked: so any mirror's packing
# counts, and so does the npz of Keras, whose arrays hold the same bytes.
PARTS = (
    Part(
        "train-images-idx3-ubyte",
        "x_train",
        (60_000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    Part(
        "train-labels-idx1-ubyte",
        "y_train",
        (60_000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    Part(
        "t10k-images-idx3-ubyte",
        "x_test",
        (10_000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    Part(
        "t10k-labels-idx1-ubyte",
        "y_test",
        (10_000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
)


def read_folder(folder: Path) -> dict[str, np.ndarray]:
    """Read MNIST from a folder: the four IDX files, packed by gzip or not, or `mnist.npz`.

    Every byte is compared with the published data by digest, so an array that comes back is
    right.

    Args:
        folder: where the files lie.

    Returns:
        Four uint8 arrays, new and writable, by the names x_train, y_train, x_test, y_test.

    Raises:
        MissingDataError: the folder has none of the files.
        DamagedDataError: a file is not what it should be, or some of the four are not there.
    """
    paths = {part: find_part(part, folder) for part in PARTS}
    lacking = [part.name for part, path in paths.items() if path is None]
    if not lacking:
        return {part.key: read_part(part, path) for part, path in paths.items() if path}
    if (folder / "mnist.npz").is_file():
        return read_npz(folder / "mnist.npz")
    if len(lacking) < len(PARTS):
        files = ", ".join(lacking)
        raise DamagedDataError(
            say("{folder} lacks {files} (.gz or unpacked)", folder=folder, files=files)
        )
    raise MissingDataError(
        say("{folder} has neither the IDX files of MNIST nor mnist.npz", folder=folder)
    )


def find_part(part: Part, folder: Path) -> Path | None:
    """Find the file of one table under the names it goes by, unpacked first: it reads faster."""
    dotted = part.name.replace("-idx", ".idx")
    for name in (part.name, dotted, f"{part.name}.gz", f"{dotted}.gz"):
        if (folder / name).is_file():
            return folder / name
    return None


def read_part(part: Part, path: Path) -> np.ndarray:
    """Read one table from its IDX file, packed by gzip or not, whatever its name says.

    Args:
        part: which table it must be.
        path: the file.

    Returns:
        uint8 array of `part.shape`, new and writable.

    Raises:
        DamagedDataError: the file cannot be read, or is anything else than this table.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP_MAGIC
            file.seek(0)
            content = _read_at_most(gzip.GzipFile(fileobj=file) if packed else file, part.size + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error
    values = content[len(part.header) :]
    _compare(part, content[: len(part.header)].tobytes(), values, origin=path)
    return values.reshape(part.shape)


def read_npz(path: Path) -> dict[str, np.ndarray]:
    """Read the four tables from an `mnist.npz` as Keras keeps it, whoever packed it.

    Args:
        path: the file.

    Returns:
        Four uint8 arrays by the names x_train, y_train, x_test, y_test.

    Raises:
        DamagedDataError: the file cannot be read, or is anything else than MNIST.
    """
    start = b""
    try:
        with path.open("rb") as file:
            start = file.read(512)
            file.seek(0)
            with np.load(file, allow_pickle=False) as npz:
                arrays = {part.key: np.ascontiguousarray(npz[part.key]) for part in PARTS}
    except Exception as error:  # zipfile and numpy raise a dozen kinds on a broken file
        _refuse_page(start, path)
        raise _unreadable(path, error) from error
    for part in PARTS:
        array = arrays[part.key]
        if array.dtype != np.uint8 or array.shape != part.shape:
            raise DamagedDataError(
                say(
                    "{path}: {name}: expected uint8 of shape {expected}, got {dtype} of shape "
                    "{got}",
                    **{"path": path, "name": part.key, "expected": part.shape},
                    **{"dtype": array.dtype, "got": array.shape},
                )
            )
        _compare(part, part.header, array.reshape(-1), origin=path)
    return arrays


def _unreadable(path: Path, error: Exception) -> DamagedDataError:
    return DamagedDataError(
        say("{path} cannot be read to its end: {error}", path=path, error=error)
    )


def _read_at_most(file, size: int) -> np.ndarray:
    content = np.empty(size, np.uint8)
    view = content.data
    filled = 0
    # in pieces, so that unpacking needs no second copy of the whole table
    while filled < size and (count := file.readinto(view[filled : filled + _CHUNK])):
        filled += count
    return content[:filled]


def _compare(part: Part, header: bytes, values: np.ndarray, *, origin: Path) -> None:
    """Raise unless these bytes are the published ones; the cheap questions come first."""
    _refuse_page(header + values[:512].tobytes(), origin)
    size = len(header) + values.size
    if size != part.size:
        raise _of_other_size(part, size, origin)
    fields = {"origin": origin, "name": part.name}
    if header != part.header:
        raise DamagedDataError(
            say(
                "{origin} begins with other bytes: expected {expected} as in {name}, got {got}",
                **fields,
                expected=part.header.hex(),
                got=header.hex(),
            )
        )
    digest = hashlib.sha256(header)
    digest.update(values.data)
    if digest.hexdigest() != part.sha256:
        raise DamagedDataError(
            say(
                "{origin} was altered: expected SHA-256 {expected}..., {name} unpacked, got "
                "{got}...",
                **fields,
                expected=part.sha256[:12],
                got=digest.hexdigest()[:12],
            )
        )


def _of_other_size(part: Part, size: int, origin: Path) -> DamagedDataError:
    fields = {"origin": origin, "name": part.name, "expected": part.size}
    if size > part.size:
        return DamagedDataError(
            say("{origin} is too long: expected {expected:,} bytes, {name} unpacked", **fields)
        )
    return DamagedDataError(
        say(
            "{origin} is cut short: expected {expected:,} bytes, {name} unpacked, got {got:,}",
            **fields,
            got=size,
        )
    )


def _refuse_page(start: bytes, origin: Path) -> None:
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise DamagedDataError(
            say(
                "{origin} is a web page, not data (the page of a log-in, or of an error)",
                origin=origin,
            )
        )
