"""Starting JupyterLab: with this environment first, and where a proxy is set that it can't use."""

import contextlib
import os
import sys
from collections.abc import Generator
from pathlib import Path

from workshop.jupyter import imports

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def main(options: list[str], *, browser: bool = True) -> int | None:
    """Run JupyterLab to its end; the proxies stay as they are for its kernels.

    It hands the proxies to its list of extensions while it is imported, and doesn't start at all
    where they are of SOCKS or written without `http://`. The list is not needed for a lesson.

    Args:
        options: of the command line.
        browser: open one, where there is one.

    Returns:
        The exit status.
    """
    _use_this_environment()
    imports.leave_out()
    with _no_proxies():
        from workshop.jupyter import lab
    silent = [] if browser and lab.browser_is_here() else ["--no-browser"]
    return lab.main([*_without_extensions(), *silent, *options])


def _without_extensions() -> list[str]:
    """Switch the list of extensions off where the library that fetches it refuses the proxies."""
    import httpx

    try:
        httpx.Client().close()
    except (ImportError, ValueError, httpx.InvalidURL):
        return ["--LabApp.extension_manager=readonly"]
    return []


@contextlib.contextmanager
def _no_proxies() -> Generator[None, None, None]:
    hidden = {name: os.environ.pop(name) for name in [*os.environ] if name.lower() in _PROXIES}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _use_this_environment() -> None:
    """Give the kernels this environment's Python, programs and settings before any other's."""
    programs = Path(sys.executable).parent
    os.environ["PATH"] = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    kernels = [str(Path(sys.prefix) / "share" / "jupyter"), os.environ.get("JUPYTER_PATH", "")]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, kernels))
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    # Without .pyc files TensorFlow takes 2 to 3 times as long to start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
