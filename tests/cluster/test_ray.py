"""Lesson 08c's training function on Ray: the script that stands in the lesson, run for real."""

import contextlib
import secrets
import shutil
import tempfile
from importlib.util import find_spec

import psutil
import pytest
from processes import is_alive, until

from workshop.cluster import own_network, room_for_workers, start_cluster, start_script
from workshop.course import cells

STEPS = 25
RAYS_OWN = 6  # its processes beside the workers weigh as much as so many of ours

pytestmark = [
    pytest.mark.skipif(
        find_spec("ray") is None,
        reason="Ray is not installed: pip install -c constraints.txt -e '.[ray]'",
    ),
    pytest.mark.skipif(
        room_for_workers(2, beside=RAYS_OWN) < 2, reason="Ray needs 4 GB of free memory"
    ),
]


@pytest.fixture
def scripts(tmp_path):
    """The files that the cells of the lesson write, in a folder of their own."""
    cells.write_scripts("8c", tmp_path)
    return tmp_path


@pytest.fixture
def own():
    """Variables that keep Ray from the home folder, from `/tmp/ray`, and from the network."""
    scratch = tempfile.mkdtemp(prefix="ray", dir="/tmp")  # its sockets need a short path
    yield {
        "RAY_TMPDIR": scratch,
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_USAGE_STATS_ENABLED": "0",
        "CUDA_VISIBLE_DEVICES": "-1",  # two workers can't be on one card
    }
    shutil.rmtree(scratch, ignore_errors=True)


@contextlib.contextmanager
def on_ray(scripts, own):
    """Start the script; again where Ray gave up: it waits 30 s for its own processes, no longer."""
    for _ in range(3):
        with (
            own_network() as network,
            start_script(
                *(scripts / "on_ray.py", scripts / "ray", STEPS, 2),
                environment=own,
                network=network,
            ) as script,
        ):
            until(lambda: controller(script) or script.returncode is not None, "no Ray", 300)
            if "timed out during startup" not in script.output:
                yield script
                return
    pytest.skip("the machine is too busy for Ray: it gave up three times after 30 seconds")


def controller(script):
    """Ray's process that leads a training, once there is one."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for process in psutil.Process(script.pid).children(recursive=True):
            if "TrainController" in name(process):
                return process
    return None


def losses(script):
    return {line["step"]: line["loss"] for line in script.results if "loss" in line}


def test_the_same_function_gives_the_same_losses(scripts, own):
    with start_cluster(scripts / "main.py", {"worker": 2}, scripts / "ours", STEPS) as cluster:
        cluster.wait(240, silence=200, show=None)
    with on_ray(scripts, own) as script:
        assert script.wait(400) == 0, script.last_lines()
    ours = losses(cluster["worker 0"])
    assert list(ours) == list(range(1, STEPS + 1))
    assert losses(script) == pytest.approx(ours, abs=1e-4)
    assert len(script.output.splitlines()) < STEPS + 5  # no warnings in between


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_nothing_of_ray_is_left_when_it_is_ended(scripts, own, how):
    with on_ray(scripts, own) as script:
        assert controller(script), script.last_lines()
        family = psutil.Process(script.pid).children(recursive=True)
        assert len(family) > 5
        getattr(script, how)()
        until(lambda: not any(map(is_alive, family)), "a process of Ray is left")


def name(process):
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
