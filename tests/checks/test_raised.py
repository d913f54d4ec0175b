"""What the learner's code raised, in words."""

import numpy as np
import pytest

from workshop.checks.engine import compare, exercise

pytestmark = pytest.mark.usefixtures("record_file")


@exercise("0-9")
def double(answer):
    """Check that a function doubles."""
    compare(answer(np.array([1.0, 2.0])), [2, 4], what="double([1, 2])")


def test_an_error_is_said_without_the_colours_of_a_terminal():
    def coloured(x):
        raise ValueError("\x1b[1mIncompatible shapes\x1b[0m")

    message = double(coloured).message
    assert "Your code raised ValueError: Incompatible shapes\n" in message


def test_an_error_is_said_without_names_that_tensorflow_made():
    tf = pytest.importorskip("tensorflow")

    message = double(lambda x: tf.constant(x)[:, None] @ tf.ones((3, 3), tf.float64)).message
    assert "Your code raised InvalidArgumentError: Matrix size-incompatible" in message
    assert "[Op:" not in message


def test_of_generated_code_the_learners_line_is_said():
    tf = pytest.importorskip("tensorflow")

    @tf.function
    def whole(x):
        return int(np.log2(x))

    message = double(lambda x: whole(tf.constant(x))).message
    assert "return int(np.log2(x))" in message
    assert "ag__" not in message


def test_the_line_of_the_learner_is_named():
    def answer(x):
        return x + missing  # noqa: F821

    message = double(answer).message
    assert "NameError" in message
    assert "return x + missing" in message


def test_what_the_check_itself_could_not_use_is_named_by_its_kind():
    assert "could not use what it got (int)" in double(3).message


def test_rows_of_different_lengths_are_said_in_words():
    @exercise("0-9")
    def shaped(answer):
        assert np.shape(answer(3)) == (2, 2)

    assert "rows of different lengths" in shaped(lambda x: [[1, 2], [x]]).message
