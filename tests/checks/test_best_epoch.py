"""Whose weights a model has after some epochs."""

import numpy as np
import pytest

from workshop.checks import best_epoch
from workshop.checks.engine import exercise

SEEN = [[np.array([k]), np.array([10 * k])] for k in range(1, 4)]


@exercise("0-9")
def left(weights):
    best_epoch.left_at(1, [np.array(one) for one in weights], SEEN, "a run")


@exercise("0-9")
def evaluated(asked):
    best_epoch.evaluated_after(SEEN, asked, "a run")


def test_the_weights_of_the_best_epoch_are_there():
    assert left([[2], [20]]).passed
    assert "of epoch 2 at the end, got those of epoch 3" in left([[3], [30]]).message
    assert "1 of the 2 arrays in `model.weights` are" in left([[2], [30]]).message


def test_each_evaluation_comes_after_its_epoch():
    assert evaluated(SEEN).passed
    assert "evaluation 1 did not see" in evaluated([[np.array([0])] * 2, *SEEN[:2]]).message


def test_the_model_has_weights_that_no_gradient_moves():
    pytest.importorskip("keras")
    model = best_epoch.with_statistics()
    assert len(model.weights) > len(model.trainable_weights)
