"""The check of lesson 00, welcome."""

from collections.abc import Callable

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise
from workshop.messages import say


@exercise("0-1")
def add(answer: Callable) -> str:
    """Check the sum of two tensors, of several shapes and with numbers drawn at each call.

    answer: function of two float32 tensors of one shape to their sum.
    """
    import tensorflow as tf

    random = np.random.default_rng()
    cases = [([1.0, 2.0], [10.0, 20.0]), ([[1.0], [0.5]], [[-1.0], [4.0]])]
    for shape in ((), (3,), (2, 3)):
        a, b = random.integers(-9, 10, (2, *shape)).astype(float).tolist()
        cases.append((a, b))
    for a, b in cases:
        came = answer(tf.constant(a), tf.constant(b))
        compare(came, np.array(a) + np.array(b), what=f"add({a}, {b})")
    return say("Your first check. On to lesson 01.")
