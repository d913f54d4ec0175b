"""The life of a hub: started, ready, ended."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import warnings
from collections.abc import Generator
from pathlib import Path

from workshop.hub import environment
from workshop.hub.settings import HubError, renew
from workshop.messages import say

LOG = "hub.log"
READY = 120  # seconds; on a busy machine the hub itself takes a while
PATIENCE = 60  # seconds for the end of thirty servers


@contextlib.contextmanager
def running(course: Path, folder: Path, **changes: object) -> Generator[dict, None, None]:
    """Start a hub, and end it with all of its servers.

    Args:
        course: the course's folder.
        folder: of the hub, where its settings, its log and the learners' work are.
        **changes: of its settings.

    Yields:
        Its settings, once it answers; with "process", which ends when the hub does, and "folder".

    Raises:
        HubError: it could not be installed or started.
    """
    python, proxy = environment.prepare(course)
    with _alone(folder):
        settings = renew(folder, proxy=proxy, **changes)
        check_port(settings["ip"], settings["port"])
        with _started(course, folder, python, settings) as process:
            yield settings | {"process": process, "folder": folder}


@contextlib.contextmanager
def _alone(folder: Path) -> Generator[None, None, None]:
    """Keep a second hub out of a folder: it would stop the first one's proxy, and log all out."""
    import filelock

    folder.mkdir(parents=True, exist_ok=True)
    try:
        with filelock.FileLock(folder / ".lock", blocking=False):
            yield
    except filelock.Timeout:
        raise HubError(
            say(
                "A hub runs in {folder} already. Stop it first: Ctrl-C in its terminal. For a "
                "second hub beside it, name another folder with --folder, and another --port.",
                folder=folder,
            )
        ) from None


@contextlib.contextmanager
def _started(
    course: Path, folder: Path, python: Path, settings: dict
) -> Generator[subprocess.Popen, None, None]:
    config = course / "deploy" / "jupyterhub" / "jupyterhub_config.py"
    path = f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    with (folder / LOG).open("ab") as log:
        process = subprocess.Popen(
            [str(python), "-m", "jupyterhub", "-f", str(config)],
            cwd=folder,
            env=os.environ | {"PATH": path},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is ours to answer
        )
        before = signal.signal(signal.SIGTERM, _as_ctrl_c)
        try:
            _wait(process, settings, folder / LOG)
            yield process
        finally:
            signal.signal(signal.SIGTERM, before)
            _end(process)


def check_port(ip: str, port: int) -> None:
    """Make sure that nobody listens on a port.

    Raises:
        HubError: somebody does, or this machine won't let the hub listen there.
    """
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((ip, port))
        except OSError as error:
            raise HubError(
                say(
                    "Port {port} can't be used ({why}): another hub may run already. Stop it, or "
                    "choose another port with --port.",
                    port=port,
                    why=error.strerror,
                )
            ) from None


def address(settings: dict) -> str:
    """Write the address that learners type.

    Example:
        >>> address({"scheme": "http", "ip": "127.0.0.1", "port": 8000})
        'http://127.0.0.1:8000'
    """
    ip = settings["ip"]
    if ip in ("0.0.0.0", ""):
        ip = "127.0.0.1"
        # Nothing is sent: the system only tells from which address it would.
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with udp as one, contextlib.suppress(OSError):
            one.connect(("192.0.2.1", 9))
            ip = one.getsockname()[0]
    return f"{settings['scheme']}://{ip}:{settings['port']}"


def _as_ctrl_c(*_) -> None:
    raise KeyboardInterrupt


def _wait(process: subprocess.Popen, settings: dict, log: Path) -> None:
    """Wait until the hub answers as a learner will ask it: through its proxy."""
    end = time.monotonic() + READY
    while process.poll() is None and time.monotonic() < end:
        if _answers(settings):
            return
        time.sleep(0.3)
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
    raise HubError(
        say(
            "The hub did not start. The last lines of {log}:\n\n{lines}",
            log=log,
            lines="\n".join(last),
        )
    )


def _answers(settings: dict) -> bool:
    """Find out whether the proxy listens and knows the way to the hub, which it is told last."""
    import requests
    from urllib3.exceptions import InsecureRequestWarning

    ip = "127.0.0.1" if settings["ip"] in ("0.0.0.0", "") else settings["ip"]
    url = f"{settings['scheme']}://{ip}:{settings['port']}/hub/health"
    with requests.Session() as one, warnings.catch_warnings():
        one.trust_env = False  # no proxy of the environment stands between
        # The certificate is for the name that learners type, which this address is not.
        warnings.simplefilter("ignore", InsecureRequestWarning)
        try:
            return one.get(url, timeout=2, verify=False).ok
        except requests.RequestException:
            return False


def _end(process: subprocess.Popen) -> None:
    """Let the hub stop its servers, its services and its proxy; it does so at SIGTERM.

    While it is still starting it doesn't, and they would go on without it.
    """
    import psutil

    if process.poll() is not None:
        return
    started = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for end in (psutil.Process.terminate, psutil.Process.kill):
        started = psutil.wait_procs(started, timeout=0.1)[1]
        for one in started:
            with contextlib.suppress(psutil.NoSuchProcess):
                end(one)
        started = psutil.wait_procs(started, timeout=5)[1]
