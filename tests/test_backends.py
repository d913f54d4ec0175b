"""benchmarks/backends.py: which cells it runs without TensorFlow, and which it must not."""

import importlib
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def backends(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("backends")


@pytest.mark.parametrize(
    ("source", "needs", "binds"),
    [
        ("b = a + 1", {"a"}, {"b"}),
        ("a = 1\nb = a", set(), {"a", "b"}),
        ("b = a\na = 1", {"a"}, {"a", "b"}),
        ("for a in c:\n    print(a)", {"c", "print"}, {"a"}),
        ("b = [a for a in c]", {"c"}, {"b"}),
        ("def f(a):\n    b = a\n    return b + c", {"c"}, {"f"}),
        ("def f():\n    return g()\ndef g():\n    return c", {"c"}, {"f", "g"}),
        ("@a.b\ndef f(): ...", {"a"}, {"f"}),
        ("class C(a.B):\n    def f(self):\n        return c", {"a", "c"}, {"C"}),
        ("with a as (b, *c):\n    b + c", {"a"}, {"b", "c"}),
        ("try:\n    a = 1\nexcept b:\n    c = a", {"b"}, {"a", "c"}),
        ("f(b := a)\nb", {"f", "a"}, {"b"}),
        ("a[0] = b", {"a", "b"}, set()),
        ("a |= b", {"a", "b"}, {"a"}),
        ("b = lambda a: a + c", {"c"}, {"b"}),
        ("%%writefile a.py\nb = 1", set(), set()),
        ("%matplotlib inline\nb = 1", set(), {"b"}),
        ("tf.get_logger().setLevel('ERROR')\nb = 1", set(), {"b"}),
    ],
)
def test_what_a_cell_needs_and_binds(backends, source, needs, binds):
    part = backends.Part(backends.statements(source))
    assert (part.needs, set(part.binds)) == (needs, binds)


def test_what_a_cell_changes(backends):
    source = "model.fit(x)\nseen['a'] = y\nlayer.rate = 1\ntrain(other)\nlook(model_2)"
    part = backends.Part(backends.statements(source))
    assert part.changed({"train"}) == {"model", "seen", "layer", "other"}
    source = "def train(m):\n    m.fit(1)\ndef all(m):\n    train(m)\ndef see(m): ..."
    assert backends.Part(backends.statements(source)).trainers(set()) == {"train", "all"}


def test_cells_that_can_run_without_tensorflow_run(backends):
    lesson = backends.Lesson()
    sources = {
        "00": "import tensorflow as tf\nimport numpy as np\nfrom workshop.checks import expect",
        "01": "a, seen = np.ones(3), []",
        "02": "b = tf.constant(1)",
        "03": "c = b + a",
        "04": "b = 2",
        "05": "c = b + a",
        "06": "def f(): return tf.zeros(3)",
        "07": "f()",
        "08": "seen.append(tf.zeros(3))",
        "09": "len(seen)",
        "10": "d = 1\ne = int('no')\nf = e + d",
        "11": "%%writefile a.py\nb = 1",
        "12": "expect('sum', c.sum(), full=(8, 9), sample=(0, 1), trained_on=55_000)",
        "14": "print(e)",
        "13": "expect('sample', 1, full=(8, 9), sample=(0, 1), trained_on=5_000)",
    }
    for number, source in sources.items():
        lesson.run(number, source)
    assert [number for number, _ in lesson.ran] == ["01", "04", "05", "10", "12", "13"]
    assert lesson.not_run == {
        "02": "uses TensorFlow",
        "03": "needs that",
        "06": "uses TensorFlow",
        "07": "needs that",
        "08": "uses TensorFlow",
        "09": "needs that",
        "10": "in part: ValueError: invalid literal for int() with base 10: 'no' (cell 10:2)",
        "14": "needs what cell 10 makes",
        "11": "writes a script",
    }
    assert lesson.results == {"sum": [9, 8, 9], "sample": [1, 0, 1]}
