"""The hub's own environment: JupyterHub by pip, and its proxy by npm."""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from workshop.hub.settings import HubError
from workshop.messages import say

PROXY = "configurable-http-proxy@5"
NODE = 20  # the oldest that it takes


def prepare(course: Path) -> tuple[Path, list[str]]:
    """Make the hub's environment, or take the one that is there.

    It is not the learners': whatever a learner does to that one, the hub stays up.

    Args:
        course: the course's folder.

    Returns:
        Its Python, and the command of the proxy.

    Raises:
        HubError: Node is missing, or pip or npm failed.
    """
    if sys.platform == "win32":
        raise HubError(
            say("JupyterHub does not run on Windows. Start it inside WSL2, on Linux or on macOS.")
        )
    node, npm = _node()
    folder = course / ".venv-hub"
    python, stamp = folder / "bin" / "python", folder / "hub-stamp.txt"
    proxy = folder / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
    wanted = _wanted(course)
    if not (python.exists() and proxy.exists() and stamp.exists() and stamp.read_text() == wanted):
        print(say("Installing JupyterHub, a minute or two (0.2 GB of disk)"), flush=True)
        requirements = course / "deploy" / "jupyterhub" / "requirements.txt"
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        _run([*pip, "-r", str(requirements)])
        quiet = ("--no-audit", "--no-fund", "--loglevel=error")
        _run([npm, "install", "--prefix", str(folder), *quiet, PROXY])
        stamp.write_text(wanted)
    return python, [node, str(proxy)]


def _node() -> tuple[str, str]:
    node, npm = shutil.which("node"), shutil.which("npm")
    version = ""
    if node:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        version = done.stdout.strip()
    number = re.match(r"v(\d+)", version)
    if not (node and npm and number) or int(number[1]) < NODE:
        raise HubError(
            say(
                "The hub's proxy needs Node.js {least} or newer with npm, and here is {found}: "
                "install it from https://nodejs.org, and start again.",
                least=NODE,
                found=f"Node.js {version}" if version else say("none"),
            )
        )
    return node, npm


def _wanted(course: Path) -> str:
    total = hashlib.sha256(f"{course} {PROXY} {sys.version_info[:2]}".encode())
    for name in ("deploy/jupyterhub/requirements.txt", "constraints.txt"):
        total.update((course / name).read_bytes())
    return total.hexdigest()


def _run(command: list[str]) -> None:
    try:
        status = subprocess.run(command, check=False).returncode
    except OSError as error:
        raise HubError(say("{program}: {why}", program=command[0], why=error)) from None
    if status:
        raise HubError(
            say(
                "The hub is not installed: this failed, and the lines above say why. Start again "
                "to go on.\n\n    {command}",
                command=" ".join(command),
            )
        )
