"""The picture of a reading, row by row."""

import numpy as np
import pytest

from workshop.plots.sequences import draw_reading

IMAGE = np.arange(28 * 28).reshape(28, 28)


def test_states_are_coloured_around_zero():
    states = np.linspace(-0.2, 0.9, 28 * 64).reshape(28, 64)
    figure = draw_reading(IMAGE, states, label="hidden unit")
    figure.canvas.draw()
    assert figure.axes[1].images[0].get_clim() == pytest.approx((-0.9, 0.9))
    assert figure.axes[0].get_ylabel() == "row = time step"


def test_probabilities_begin_at_zero_and_have_a_tick_a_class():
    probabilities = np.full((28, 10), 0.1)
    figure = draw_reading(IMAGE, probabilities, label="class")
    assert figure.axes[1].images[0].get_clim()[0] == 0
    assert figure.axes[1].get_xticks().tolist() == list(range(10))


def test_a_last_bit_below_zero_is_no_sign():
    probabilities = np.full((28, 10), 0.1)
    probabilities[0, 0] = -1e-9
    assert draw_reading(IMAGE, probabilities, label="class").axes[1].images[0].get_clim()[0] == 0


def test_nothing_but_zeros_can_be_drawn():
    draw_reading(IMAGE, np.zeros((28, 4)), label="unit").canvas.draw()


@pytest.mark.parametrize(
    ("image", "values"),
    [
        (IMAGE[np.newaxis], np.zeros((28, 10))),
        (IMAGE, np.zeros(28)),
        (IMAGE, np.zeros((20, 10))),
    ],
)
def test_shapes_that_do_not_fit_are_told(image, values):
    with pytest.raises(ValueError, match=r"needed are \(rows, columns\) and \(rows, values\)"):
        draw_reading(image, values, label="unit")
