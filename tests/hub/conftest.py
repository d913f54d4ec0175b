"""A hub that runs for real, where this machine has what it needs."""

import subprocess
from pathlib import Path

import pytest

from workshop.hub import lessons, life, settings

COURSE = Path(__file__).parent.parent.parent


@pytest.fixture
def started(hub_environment, tmp_path):
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
