"""Every lesson runs from top to bottom under nbval: each exercise left out, and solved.

On the packaged sample, and on the full data as on Binder. Where the full data are not found the
sample stands in for them, and one run shows both; so it does for a lesson without MNIST.
"""

import os
import subprocess
import sys

import pytest
from lesson_runs import BINDER, IN_KERNEL, SAMPLE, fault

from workshop.course import lessons
from workshop.data import mnist

HAS_FULL_DATA = mnist.status()[0] != "sample"


def kinds(lesson):
    """The runs that tell something new: without MNIST both would be the same."""
    reads_mnist = "load_mnist" in lesson.read_text(encoding="utf-8")
    return [SAMPLE, BINDER] if HAS_FULL_DATA and reads_mnist else [BINDER]


RUNS = [(lesson, kind) for lesson in lessons.paths() for kind in kinds(lesson)]


@pytest.mark.parametrize(("lesson", "kind"), RUNS, ids=[f"{one.stem}-{kind}" for one, kind in RUNS])
def test_lesson(lesson, kind, lesson_result):
    said = fault(lesson_result(lesson, kind), kind)
    assert not said, said


def test_the_network_is_off_in_these_runs():
    code = (
        "import socket, urllib.request\n"
        "for reach in (lambda: socket.create_connection(('192.0.2.1', 80), 5),\n"
        "              lambda: urllib.request.urlopen('http://example.invalid', timeout=5)):\n"
        "    try: reach()\n"
        "    except OSError as error: print('no network in this test' in str(error))\n"
    )
    env = os.environ | {"PYTHONPATH": IN_KERNEL}
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        env.pop(name, None)
    said = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["True", "True"]
