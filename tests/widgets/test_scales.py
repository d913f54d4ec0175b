"""Scales of pixels, and how a reading on one of them is judged."""

import numpy as np
import pytest

from workshop.widgets.scales import SCALES, are_probabilities, probabilities, reading, span, words

PIXELS = np.array([[0.0, 255.0]])


@pytest.mark.parametrize(
    ("scale", "paper", "ink"),
    [*zip(SCALES, (0, 0, -1, 1, 255, -0.4242), (255, 1, 1, 0, 0, 2.8215), strict=True)],
    ids=[scale.code for scale in SCALES],
)
def test_the_code_of_a_scale_does_what_the_scale_does(scale, paper, ink):
    assert scale.make(PIXELS)[0] == pytest.approx([paper, ink], abs=1e-3)
    assert np.allclose(eval(scale.code, {"images": PIXELS}), scale.make(PIXELS))
    said = words(scale).split()
    assert [float(said[0]), float(said[5])] == pytest.approx([paper, ink], abs=0.01)


def test_every_scale_is_called_otherwise():
    assert len({words(scale) for scale in SCALES}) == len(SCALES)


def test_logits_are_judged_as_their_probabilities():
    logits = np.random.default_rng(0).normal(size=(50, 10)) * 3
    labels = np.arange(50) % 10
    chances = probabilities(logits)
    assert are_probabilities(chances)
    assert not are_probabilities(logits)
    assert reading(logits, labels) == pytest.approx(reading(chances, labels))
    assert reading(chances, labels).loss == pytest.approx(
        -np.log(chances[range(50), labels]).mean()
    )


def test_a_sure_and_wrong_reading_has_a_finite_loss():
    judged = reading(np.eye(10)[[1, 2]], np.array([1, 3]))
    assert (judged.right, judged.sure) == (0.5, 1.0)
    assert judged.loss == pytest.approx(8.06, abs=0.01)


def test_values_are_told_apart_where_there_is_ink():
    values = ([0, 255], [0.0, 0.99], [-1, 1], [-0.42, 2.8])
    assert [span(np.array(v)) for v in values] == [
        "0 to 255",
        "0 to 1",
        "-1 to 1",
        "below 0 to above 0",
    ]
    assert span(np.zeros((3, 784))) is span(np.zeros((0, 784))) is None
