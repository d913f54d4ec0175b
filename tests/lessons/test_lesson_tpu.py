"""Lesson 09's choice of a strategy, read out of its cells: no TPU, and faked ones.

The probe runs in a process, as in the lesson; where a TPU is faked, a module `tensorflow` lies
beside it and is found first.
"""

import ast
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from workshop.cluster import ScriptError, start_script
from workshop.course import cells

pytestmark = pytest.mark.usefixtures("nothing_is_left")

FAKE = """
class errors:
    class OpError(Exception): ...
    class NotFoundError(OpError): ...
class config:
    experimental_connect_to_cluster = print
    list_logical_devices = staticmethod(lambda kind: [kind] * 8)
class Resolver:
    def __init__(self, tpu): assert tpu == "local"
class distribute:
    class cluster_resolver:
        TPUClusterResolver = Resolver
class tpu:
    class experimental:
        @staticmethod
        def initialize_tpu_system(resolver):
            {does}
"""
WORKS = FAKE.format(does="return None")
FAILS = FAKE.format(does='raise errors.NotFoundError("no TPU started")')
HANGS = FAKE.format(does="import time; time.sleep(600)")
CRASHES = FAKE.format(does="import os; os._exit(139)")
SAYS_NO = WORKS.replace('assert tpu == "local"', 'raise ValueError("set the TPU_NAME")')
DEFINED = ["NAMES", "hints_of_tpu", "tpu_answers", "choose_strategy"]
HAS_NO_CORES = WORKS.replace("[kind] * 8", "[]")


class FakeTensorFlow:
    """What `choose_strategy` asks of TensorFlow, and the order in which it was asked."""

    def __init__(self, gpus=0):
        self.asked = []
        names = [SimpleNamespace(name=f"/device:GPU:{i}") for i in range(gpus)]

        def asked(what, answer=None):
            def answers(*given):
                self.asked.append(what)
                return answer if answer is not None else SimpleNamespace(made=what, given=given)

            return answers

        self.config = SimpleNamespace(
            experimental_connect_to_cluster=asked("connect"),
            list_logical_devices=lambda kind: names if kind == "GPU" else [],
        )
        self.tpu = SimpleNamespace(
            experimental=SimpleNamespace(initialize_tpu_system=asked("initialize"))
        )
        self.distribute = SimpleNamespace(
            cluster_resolver=SimpleNamespace(TPUClusterResolver=asked("resolver")),
            TPUStrategy=asked("TPU"),
            MirroredStrategy=asked("mirrored"),
            get_strategy=asked("default"),
        )


@pytest.fixture
def lesson(tmp_path):
    """Make the lesson's functions, with a fake `tf` or the real one, beside a written probe."""

    def make(tf=None, tensorflow=None):
        cells.write_scripts("9", tmp_path)
        if tensorflow:
            (tmp_path / "tensorflow.py").write_text(tensorflow)
        names = {
            "os": SimpleNamespace(environ={}),
            "Path": Path,
            "runs": tmp_path,
            "start_script": start_script,
            "ScriptError": ScriptError,
            "tf": tf or FakeTensorFlow(),
        }
        cells.run_cells("9", ["strategy"], names, only=DEFINED)
        return SimpleNamespace(**names, names=names)

    return make


@pytest.mark.parametrize(
    ("environment", "files", "hints"),
    [
        ({}, [], 0),
        ({"PATH": "/bin", "TF_CONFIG": "{}", "CUDA_VISIBLE_DEVICES": "0"}, ["nvidia0"], 0),
        # TensorFlow and JAX set these on a machine without a TPU.
        ({"TPU_ML_PLATFORM": "Tensorflow", "TPU_SKIP_MDS_QUERY": "1"}, [], 0),
        ({}, ["vfio/vfio", "null"], 0),
        ({"TPU_NAME": "local"}, [], 1),
        ({"TPU_WORKER_ID": "0", "TPU_WORKER_HOSTNAMES": "localhost"}, [], 2),
        ({"TPU_ACCELERATOR_TYPE": "v5litepod-1"}, ["vfio/0", "vfio/vfio"], 2),
        ({"COLAB_TPU_ADDR": "10.0.0.2:8470"}, [], 1),
        ({}, ["accel0", "accel1", "accel2", "accel3"], 4),
    ],
)
def test_hints_are_variables_and_device_files(lesson, tmp_path, environment, files, hints):
    devices = tmp_path / "dev"
    (devices / "vfio").mkdir(parents=True)
    for file in files:
        (devices / file).touch()
    assert len(lesson().hints_of_tpu(environment, devices)) == hints


def test_a_machine_without_device_files_gives_no_hint(lesson, tmp_path):
    assert lesson().hints_of_tpu({}, tmp_path / "nothing") == []


@pytest.mark.parametrize(
    ("tensorflow", "answers", "says"),
    [
        (WORKS, True, "'cores': 8"),
        (FAILS, False, "NotFoundError: no TPU started"),
        (SAYS_NO, False, "ValueError: set the TPU_NAME"),
        (HAS_NO_CORES, False, "'cores': 0"),
        (CRASHES, False, "it said nothing"),
        ("import nothing_of_this_name", False, "it said nothing"),
    ],
    ids=["works", "fails", "no resolver", "no cores", "crashes", "no tensorflow"],
)
def test_the_probe_asks_a_faked_tpu(lesson, capsys, tensorflow, answers, says):
    assert lesson(tensorflow=tensorflow).tpu_answers(60) is answers
    assert says in capsys.readouterr().out


def test_a_tpu_that_hangs_is_given_up(lesson, capsys):
    start = time.monotonic()
    assert lesson(tensorflow=HANGS).tpu_answers(2) is False
    assert time.monotonic() - start < 30
    said = capsys.readouterr().out
    assert "no answer within 2 s" in said
    assert "it said nothing" in said


def test_the_real_probe_finds_no_tpu_here(lesson, capsys):
    pytest.importorskip("tensorflow")
    assert lesson().tpu_answers(240) is False
    said = capsys.readouterr().out
    assert "Error: " in said, said  # caught: a crash would have said nothing


def choose(lesson, tf, *, hints=(), answers=False):
    """Choose with the lesson's function, its hints and its probe faked; gives what was asked."""
    made = lesson(tf)
    probed = []

    def tpu_answers():
        probed.append(True)
        return answers

    made.names.update(hints_of_tpu=lambda: list(hints), tpu_answers=tpu_answers)
    strategy = made.choose_strategy()
    return strategy, tf.asked, len(probed)


def test_without_a_hint_no_tpu_is_asked(lesson):
    strategy, asked, probes = choose(lesson, FakeTensorFlow(), answers=True)
    assert (strategy.made, asked, probes) == ("default", ["default"], 0)


def test_a_tpu_that_answers_is_taken_before_gpus(lesson):
    strategy, asked, probes = choose(lesson, FakeTensorFlow(4), hints=["TPU_NAME"], answers=True)
    assert asked == ["resolver", "connect", "initialize", "TPU"]
    assert strategy.made == "TPU"
    assert strategy.given[0].given == ("local",)
    assert probes == 1


@pytest.mark.parametrize(("gpus", "made"), [(0, "default"), (1, "default"), (4, "mirrored")])
@pytest.mark.parametrize("hints", [[], ["/dev/accel0"]])
def test_a_tpu_that_does_not_answer_leaves_gpus_and_the_cpu(lesson, gpus, made, hints):
    strategy, asked, _ = choose(lesson, FakeTensorFlow(gpus), hints=hints)
    assert (strategy.made, asked) == (made, [made])
    if made == "mirrored":
        assert strategy.given[0] == [f"/device:GPU:{i}" for i in range(4)]


MIRRORED = """
import os, sys, types
from pathlib import Path
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 4)
tf.config.list_logical_devices = lambda kind, real=tf.config.list_logical_devices: real("CPU")
hints_of_tpu = list
exec(Path(sys.argv[1]).read_text())
strategy = choose_strategy()
print(type(strategy).__name__, strategy.num_replicas_in_sync)
"""


def test_several_devices_make_a_mirrored_strategy_of_tensorflow(lesson, tmp_path):
    pytest.importorskip("tensorflow")
    *_, cell = cells.tagged("9", ["strategy"])
    choose, *_ = ast.parse(cell).body
    (tmp_path / "choose.py").write_text(ast.unparse(choose))
    (tmp_path / "mirrored.py").write_text(MIRRORED)
    with start_script(tmp_path / "mirrored.py", tmp_path / "choose.py") as script:
        assert script.wait(240) == 0, script.last_lines()
        assert script.output.splitlines()[-1] == "MirroredStrategy 4"
