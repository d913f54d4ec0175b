"""How a browser reaches the TensorBoard of this kernel: directly, or through a proxy."""

import importlib.util
import json
import os
import urllib.request
from pathlib import Path

ANSWER_S = 5.0
HOST = "127.0.0.1"


def address_of(port: int) -> str | None:
    """Give the address under which the learner's browser reaches a TensorBoard.

    Args:
        port: the one that it listens on, on the machine of this kernel.

    Returns:
        A whole address, or a path on the server of the notebook's page; None on a hub that passes
        no ports on.

    Example:
        >>> from unittest.mock import patch
        >>> with patch.dict(os.environ, TENSORBOARD_PROXY_URL="https://class.example/%PORT%/"):
        ...     address_of(6006)
        'https://class.example/6006/'
    """
    if own := os.environ.get("TENSORBOARD_PROXY_URL"):
        return own.replace("%PORT%", str(port))
    if base := _proxy_of_our_server(port):
        return f"{base}proxy/{port}/"
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX")
    if prefix and importlib.util.find_spec("jupyter_server_proxy"):
        return f"{prefix.rstrip('/')}/proxy/{port}/"
    if prefix or any(name.startswith("BINDER_") for name in os.environ):
        return None
    return f"http://{HOST}:{port}/"


def _proxy_of_our_server(port: int) -> str | None:
    """Give the base of the Jupyter server that started this kernel, if it passes the port on.

    The same origin as the notebook's page: it is reached through a tunnel and by https as well.
    Asking beats looking for the package, which the server may have in an environment of its own.
    """
    from jupyter_core.paths import jupyter_runtime_dir

    # The file that `jupyter server list` reads; importing that would take seconds and 30 MB.
    about = Path(jupyter_runtime_dir()) / f"jpserver-{os.getppid()}.json"
    try:
        server = json.loads(about.read_text(encoding="utf-8"))
        token = {"Authorization": f"token {server['token']}"}
        found = _answer(f"{server['url']}proxy/{port}/data/environment", token)
        return server["base_url"] if "version" in json.loads(found) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _answer(address: str, headers: dict[str, str] | None = None) -> bytes:
    """Ask a server on this machine, past any proxy for the way outside."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(address, headers=headers or {})
    with opener.open(request, timeout=ANSWER_S) as answer:
        return answer.read()
