"""TensorBoard in a cell: the server runs in a thread of the kernel and ends with it."""

import atexit
import contextlib
import functools
import importlib.util
import io
import logging
import os
import socket
import sys
import threading
import urllib.parse
import warnings
from pathlib import Path

from workshop.messages import say
from workshop.widgets.address import HOST, address_of
from workshop.widgets.frame import TensorBoardPage, no_proxy

RELOAD_S = 1  # how often new events are read; a folder without news costs about a millisecond
END_S = 5.0
EVENTS = "events.out.tfevents*"


def show_tensorboard(
    folder: str | os.PathLike, *, tag: str | None = None, height: int = 600
) -> TensorBoardPage:
    """Show TensorBoard's page of a folder of event files in the cell.

    Use it as the last line of a cell, as soon as something was written; the round arrow at the top
    of the page reads what is new, also while another cell trains. TensorBoard runs in a thread of
    this kernel, one for each folder, and ends with the kernel: nothing is left over, unlike with
    the `%tensorboard` magic. Where the browser can't reach it, the result says why and what to do.

    Args:
        folder: where `tf.summary.create_file_writer` or `keras.callbacks.TensorBoard` wrote; each
            folder in it that holds event files is a run.
        tag: a scalar such as `"epoch_loss"`: the page opens at its curves. Where it is left out,
            TensorBoard chooses.
        height: height of the page in pixels.

    Returns:
        What the notebook shows: the page in a frame, and as text one line with its address.

    Raises:
        ValueError: `height` is not positive.

    Example:
        >>> print(show_tensorboard("no such folder"))  # doctest: +ELLIPSIS
        There is no folder 'no such folder' yet, ...

    Source:
        TensorBoard's own integration in notebooks (`tensorboard.notebook`, Apache License 2.0) for
        the meaning of `TENSORBOARD_PROXY_URL`; the documentation of jupyter-server-proxy for the
        addresses that end in `/proxy/PORT/`.
    """
    if height <= 0:
        raise ValueError(
            say("expected a height in pixels above 0, such as 600, got {got}", got=height)
        )
    path = Path(folder).expanduser()
    if trouble := _trouble(path, str(folder)):
        return TensorBoardPage(trouble)
    files = _event_files(path)
    with _quiet():
        port = _servers().port(path.resolve(), files)
    source = address_of(port)
    if source is None:
        return TensorBoardPage(no_proxy(port))
    title = say("TensorBoard of {folder}", folder=folder)
    said = _address(folder, source)
    at = f"#scalars&tagFilter={urllib.parse.quote(tag)}" if tag else ""
    return TensorBoardPage(said, source, port=port, at=at, height=height, title=title)


class Servers:
    """The TensorBoards of this kernel, one for each folder."""

    def __init__(self):
        """Start with none."""
        self._started: dict[Path, tuple[int, set[Path]]] = {}

    def port(self, folder: Path, files: set[Path]) -> int:
        """Give the port of the folder's TensorBoard; start it where there is none.

        A TensorBoard keeps what it has read, so where its files were deleted (a lesson that runs
        once more empties its folder) the curves of both runs would be mixed: a new one is started,
        as where it does not listen any more.

        Args:
            folder: the folder, absolute.
            files: the event files in it.

        Returns:
            The port on this machine that it listens on.
        """
        port, known = self._started.get(folder, (None, set()))
        if port is None or not known <= files or not _listens(port):
            port = _start(folder)
        self._started[folder] = port, files
        return port


@functools.cache
def _servers() -> Servers:
    return Servers()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(END_S)
        return probe.connect_ex((HOST, port)) == 0


def _start(folder: Path) -> int:
    from tensorboard import default, program

    # It logs from its own threads, which would put a red box under whatever cell is running.
    logging.getLogger("tensorboard").setLevel(logging.CRITICAL)
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    kept = []
    tensorboard = program.TensorBoard([*default.get_plugins(), _keeper(kept)])
    tensorboard.configure(
        argv=[
            "tensorboard",
            *(f"--logdir={folder}", f"--host={HOST}", "--port=0"),
            "--load_fast=false",  # no second process
            *("--reload_task=blocking", "--reload_interval=0"),  # read once now; then see below
        ]
    )
    address = tensorboard.launch()
    _keep_reading(kept[0], folder)
    return urllib.parse.urlsplit(address).port


def _keeper(kept: list):
    """Make a plugin that shows nothing: TensorBoard hands to plugins what reads its events."""
    from tensorboard.plugins.base_plugin import TBLoader

    class Keeper(TBLoader):
        def load(self, context):
            kept.append(context.multiplexer)

    return Keeper()


def _keep_reading(multiplexer, folder: Path) -> None:
    """Read new events every second, in a thread that has stopped before Python ends.

    TensorBoard's own thread can't be stopped. Where it was within TensorFlow's C++ as Python ended,
    the process aborted.
    """
    ended = threading.Event()

    def read():
        while not ended.wait(RELOAD_S):
            with contextlib.suppress(Exception):  # a file that is being written or deleted
                multiplexer.AddRunsFromDirectory(str(folder))
                multiplexer.Reload()

    reader = threading.Thread(target=read, name="TensorBoard's reader", daemon=True)
    reader.start()
    atexit.register(lambda: (ended.set(), reader.join(END_S)))


@contextlib.contextmanager
def _quiet():
    """Keep warnings and prints of libraries out of the cell: they would be a red box."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _event_files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob(EVENTS)}


def _trouble(folder: Path, named: str) -> str | None:
    """Say why there is nothing to show, or give None."""
    if folder.is_file():
        return say(
            "Expected a folder, got the file {name!r}. Name the folder that it stands in.",
            name=named,
        )
    if not folder.is_dir():
        here = Path.cwd().name
        missing = say("There is no folder {name!r} yet, seen from {here!r}.", name=named, here=here)
        return f"{missing} {_write_events()}"
    if not _event_files(folder):
        found = sum(path.is_file() for path in folder.rglob("*"))
        none = say(
            "Expected event files in {name!r}, got none; files of other kinds: {found}.",
            **{"name": named, "found": found},
        )
        return f"{none} {_write_events()}"
    if "google.colab" in sys.modules:
        return say(
            "In Colab the page comes through Colab itself. Run these two lines in a cell:\n"
            "%load_ext tensorboard\n"
            "%tensorboard --logdir {folder}",
            folder=named,
        )
    if importlib.util.find_spec("tensorboard") is None:
        return say(
            "TensorBoard is not installed in this kernel's environment. Start the course with "
            "`python3 start.py`, which installs it, or run `%pip install tensorboard` in a cell "
            "and then this one."
        )
    return None


def _address(folder, source: str) -> str:
    if source.startswith("/"):
        return say(
            "TensorBoard of {folder}: {source} on this notebook's server",
            **{"folder": folder, "source": source},
        )
    return say("TensorBoard of {folder}: {source}", folder=folder, source=source)


def _write_events() -> str:
    return say(
        "TensorBoard reads event files ({events}). They are written during a training run by "
        "keras.callbacks.TensorBoard(folder), or by tf.summary.scalar(...) in a `with "
        "tf.summary.create_file_writer(folder).as_default():`. Run that cell first, then this one.",
        events=EVENTS,
    )
