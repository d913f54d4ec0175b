"""A hub that runs for real, where this machine has what it needs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.hub import environment, lessons, life, settings

COURSE = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def ready():
    """Skip where no hub can be installed, and say why."""
    if sys.platform == "win32":
        pytest.skip("JupyterHub does not run on Windows")
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("the hub's proxy needs Node.js with npm")
    try:
        return environment.prepare(COURSE)
    except settings.HubError as error:
        pytest.skip(f"no hub could be installed: {error}")


@pytest.fixture
def started(ready, tmp_path):
    """Give a function that starts a hub in a folder of its own, to be used by `with`."""

    def start(**changes):
        (port,) = settings.free_ports(1)
        given = lessons.given(COURSE) | {"data": "", "port": port} | changes
        return life.running(COURSE, tmp_path / "hub", **given)

    return start


@pytest.fixture
def shell(tmp_path):
    """Give a function that runs learner.sh with a Python that only tells what it is asked."""
    script = COURSE / "deploy" / "jupyterhub" / "learner.sh"
    fake = tmp_path / "bin" / "python"
    fake.parent.mkdir()
    fake.write_text(
        '#!/bin/sh\necho "$@"\n[ "$2" = nbgitpuller.pull ] && exit 1\nulimit -d\n', encoding="ascii"
    )
    fake.chmod(0o755)

    def run(**variables):
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        path = f"{fake.parent}:/usr/bin:/bin"
        done = subprocess.run(
            ["bash", str(script), "--x"],
            cwd=home,
            env={"PATH": path, "CLASS_COURSE": str(COURSE), **variables},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout, home

    return run
