"""Starting JupyterLab where a proxy is set that it can't use."""

import contextlib
import os
import sys
from collections.abc import Generator

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def main(options: list[str]) -> int | None:
    """Run JupyterLab to its end; the proxies stay as they are for its kernels.

    It hands the proxies to its list of extensions while it is imported, and doesn't start at all
    where they are of SOCKS or written without `http://`. The list is not needed for a lesson.

    Args:
        options: of the command line.

    Returns:
        What its own `main` returns.
    """
    with _no_proxies():
        from jupyterlab import labapp
    sys.argv = ["jupyter-lab", *_without_extensions(), *options]
    return labapp.main(sys.argv[1:])


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
