"""MNIST from wherever it can be had: a folder, a cache, the network, or the packaged sample."""

import os
import tempfile
from pathlib import Path

import numpy as np

from workshop.data import cache, download, idx
from workshop.messages import say
from workshop.variables import home_in, named_path

_SAMPLE = Path(__file__).parent / "sample" / "digits.npz"
_ROUTES = {
    "auto": ("folder", "cache", "keras", "download", "sample"),
    "full": ("folder", "cache", "keras", "download"),
    "sample": ("sample",),
}

Split = tuple[np.ndarray, np.ndarray]


def load_mnist(source: str = "auto") -> tuple[Split, Split]:
    """Load the handwritten digits of MNIST, and say in one line which data these are.

    Looked for in this order: the folder that WORKSHOP_DATA names, the cache of our download, the
    cache of Keras, the network, and last the sample of 4,500 + 500 digits that the package
    carries. Every byte is verified, also that of a cache. Cast to float a batch at a time: the
    whole training set takes 47 MB as uint8 and 188 MB as float32.

    Args:
        source: "auto" takes the first of these that is there; "full" never takes the sample;
            "sample" takes nothing else, so that a run is the same on every machine.

    Returns:
        `(x_train, y_train), (x_test, y_test)` as Keras gives them, new arrays: images uint8
        (examples, 28, 28), 0 is the paper and 255 the ink; labels uint8 (examples,).

    Raises:
        ValueError: `source` is none of the three.
        DamagedDataError: the folder that WORKSHOP_DATA names is not there, or its MNIST is
            altered, cut short or incomplete. Other data never take its place.
        DataError: `source` is "full" and the full data cannot be had.

    Example:
        >>> (x_train, y_train), (x_test, y_test) = load_mnist("sample")
        MNIST: the packaged sample, 4,500 + 500 digits (as asked)
        Expect lower accuracies than with the full 60,000.
        >>> x_train.shape, y_test.shape, x_train.dtype.name  # (examples, height, width)
        ((4500, 28, 28), (500,), 'uint8')

    Source:
        Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits,
        CC BY-SA 3.0.
    """
    if source not in _ROUTES:
        sources = ", ".join(map(repr, _ROUTES))
        raise ValueError(
            say("source: expected one of {sources}, got {got!r}", sources=sources, got=source)
        )
    arrays, place, troubles = _first(source)
    print(_line(arrays, place, troubles))
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def fetch(*, progress: bool = True) -> Path:
    """Make sure that the full MNIST is on this machine; download only what is missing.

    Args:
        progress: show a bar for each file that is downloaded.

    Returns:
        The folder that has it: that of WORKSHOP_DATA if its data are right, else our cache.

    Raises:
        DamagedDataError: as `load_mnist` raises it for WORKSHOP_DATA.
        DataError: the network does not give it or the cache cannot be written.
    """
    for place in ("folder", "cache"):
        try:
            _read(place)
        except idx.DamagedDataError:
            if place == "folder":
                raise
        except idx.DataError:
            continue
        else:
            return _where(place)
    folder = cache_folder()
    try:
        arrays = _read("keras")
    except idx.DataError:
        download.download(folder, progress=progress, patient=True)
    else:
        cache.store(folder, arrays)
    return folder


def status() -> tuple[str, str]:
    """Look which MNIST `load_mnist()` would find here; verifies it, downloads nothing.

    Returns:
        Two texts. One of "folder", "cache", "keras" (the full data, verified), "sample" (only
        the packaged one is here) or "corrupt"; and a sentence for a person, with what to do.

    Example:
        >>> kind, sentence = status()
        >>> kind in ("folder", "cache", "keras", "sample", "corrupt")
        True
    """
    troubles = []
    damaged = False
    for place in ("folder", "cache", "keras"):
        try:
            _read(place)
        except idx.MissingDataError:
            continue
        except idx.DataError as error:
            troubles.append(str(error))
            damaged = damaged or isinstance(error, idx.DamagedDataError)
            if damaged and place == "folder":
                break
        else:
            return place, _found(place, troubles)
    reasons = "; ".join(troubles)
    if damaged:
        return "corrupt", say(
            "{reasons}. `workshop data` puts a damaged cache right.", reasons=reasons
        )
    if reasons:
        return "sample", say(
            "Only the packaged sample is here ({reasons}). `workshop data` fetches the rest.",
            reasons=reasons,
        )
    return "sample", say("Only the packaged sample is here. `workshop data` fetches the rest.")


def cache_folder() -> Path:
    """Name the folder of our download: under WORKSHOP_CACHE, or the system's place for caches."""
    import pooch

    chosen = named_path("WORKSHOP_CACHE") or pooch.os_cache("tensorflow-workshop")
    if not chosen.is_absolute():  # "~": nobody knows this user's home
        chosen = Path(tempfile.gettempdir()) / "tensorflow-workshop"
    return chosen / "mnist"


def _first(source: str) -> tuple[dict, str, list[str]]:
    """Read the first place of the route that has the data; return it and what went wrong before."""
    missing, troubles = [], []
    for place in _ROUTES[source]:
        try:
            if place == "download":
                download.download(cache_folder())
            return _read(place), place, troubles
        except idx.MissingDataError as error:
            missing.append(str(error))
        except idx.DataError as error:
            if place in ("folder", "sample") and isinstance(error, idx.DamagedDataError):
                raise
            troubles.append(str(error))
    raise idx.DataError(
        say(
            "The full MNIST cannot be had: {reasons}. Run `workshop data` where there is a "
            "network, or put the four IDX files (or mnist.npz) into a folder and set WORKSHOP_DATA "
            "to it; load_mnist('sample') needs neither.",
            reasons="; ".join([*missing, *troubles]),
        )
    )


def _found(place: str, troubles: list[str]) -> str:
    if not troubles:
        return say("The full MNIST, verified: {place}.", place=_where(place))
    return say(
        "The full MNIST, verified: {place}. But {reasons}.",
        place=_where(place),
        reasons="; ".join(troubles),
    )


def _line(arrays: dict, place: str, troubles: list[str]) -> str:
    """Say in two short lines which data it is, and what that means."""
    fields = {"train": len(arrays["x_train"]), "test": len(arrays["x_test"])}
    fields["reasons"] = "; ".join(troubles)
    if place == "sample" and not troubles:
        return say(
            "MNIST: the packaged sample, {train:,} + {test:,} digits (as asked)\n"
            "Expect lower accuracies than with the full 60,000.",
            **fields,
        )
    if place == "sample":
        return say(
            "MNIST: the packaged sample, {train:,} + {test:,} digits ({reasons})\n"
            "Expect lower accuracies than with the full 60,000.",
            **fields,
        )
    fields["place"] = _where(place)
    if not troubles:
        return say(
            "MNIST: the full data, {train:,} + {test:,} digits ({place})\n"
            "Expect the accuracies given for the full data.",
            **fields,
        )
    return say(
        "MNIST: the full data, {train:,} + {test:,} digits ({place}; {reasons})\n"
        "Expect the accuracies given for the full data.",
        **fields,
    )


def _where(place: str) -> Path:
    if place == "keras":
        # A kernel sets KERAS_HOME aside with another course's settings, not with its data.
        names = ("WORKSHOP_KERAS_HOME", "KERAS_HOME")
        home = next((value for name in names if (value := os.environ.get(name))), "~/.keras")
        return home_in(home) / "datasets"
    return (_chosen_folder() if place == "folder" else None) or cache_folder()


def _read(place: str) -> dict[str, np.ndarray]:
    if place == "folder":
        return _read_chosen()
    if place == "sample":
        return _read_sample()
    folder = _where(place)
    if place == "keras":
        if (folder / "mnist.npz").is_file():
            return idx.read_npz(folder / "mnist.npz")
        raise idx.MissingDataError(say("Keras has no {path}", path=folder / "mnist.npz"))
    if all((folder / part.name).is_file() for part in idx.PARTS):
        return idx.read_folder(folder)
    raise idx.MissingDataError(say("there is no complete download in {folder}", folder=folder))


def _chosen_folder() -> Path | None:
    """Name the folder of WORKSHOP_DATA, also where it names a file in it."""
    named = named_path("WORKSHOP_DATA")
    if named and named.is_file() and named.suffix.lower() != ".zip":
        return named.parent
    return named


def _read_chosen() -> dict[str, np.ndarray]:
    """Read the folder that the user named: what is wrong with it, they want to know."""
    folder = _chosen_folder()
    if not folder:
        raise idx.MissingDataError(say("WORKSHOP_DATA is not set"))
    if not folder.is_dir():
        raise idx.DamagedDataError(_no_folder(folder))
    try:
        return idx.read_folder(folder)
    except idx.MissingDataError as error:
        raise idx.DataError(say("WORKSHOP_DATA: {error}", error=error)) from error
    except idx.DamagedDataError as error:
        raise idx.DamagedDataError(
            say(
                "WORKSHOP_DATA: {error}. Copy the data there again, or unset WORKSHOP_DATA",
                error=error,
            )
        ) from error


def _no_folder(path: Path) -> str:
    if path.is_file():
        return say(
            "WORKSHOP_DATA names {path}, a packed file: unpack it, and name the folder that comes "
            "out of it",
            path=path,
        )
    return say(
        "WORKSHOP_DATA names {folder}, which is no folder: correct it, or unset it (a path that "
        "does not begin at the root counts from the folder of the course)",
        folder=path,
    )


def _read_sample() -> dict[str, np.ndarray]:
    try:
        with _SAMPLE.open("rb") as file, np.load(file, allow_pickle=False) as npz:
            return {part.key: npz[part.key] for part in idx.PARTS}
    except Exception as error:  # zipfile and numpy raise a dozen kinds on a broken file
        raise idx.DamagedDataError(
            say(
                "{path} cannot be read ({error}): reinstall the workshop, or restore the file",
                path=_SAMPLE,
                error=error,
            )
        ) from error
