"""A learner's function in a process of its own: what travels there, and what comes back."""

import pytest

from workshop.checks.engine import exercise
from workshop.checks.replicas import on_devices

OFFSET = 3


def helper(number):
    return number + OFFSET if number > 0 else helper(number + 1)


def train_nothing(devices, images, labels, *, more=2):
    inner = [helper(k) for k in range(more)]
    raise ValueError(f"{len(devices)} of {images.shape} {labels.shape} {inner} {np.pi:.2f}")  # noqa: F821


def end_the_process(devices, images, labels):
    import os

    os._exit(9)


@pytest.fixture
def message():
    @exercise("0-9")
    def judge(answer):
        return str(on_devices(answer, "train"))

    return lambda answer: judge(answer).message


def test_a_function_has_its_helpers_and_the_usual_names_there(message):
    said = message(train_nothing)
    assert "Your code, on one device, raised ValueError: 1 of (240, 12) (240,) [4, 4] 3.14" in said


def test_what_ends_the_process_is_said(message):
    assert "Your function ended its process (9)" in message(end_the_process)


@pytest.mark.parametrize("answer", [7, "text", print])
def test_only_a_function_can_travel(message, answer):
    assert "Expected a function" in message(answer)
