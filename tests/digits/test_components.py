"""Which marks belong to a digit."""

import numpy as np

from workshop.digits.components import label, largest_component


def test_a_digit_of_two_strokes_stays_whole_and_a_far_one_is_left():
    ink = np.zeros((200, 300), dtype="uint8")
    ink[40:150, 40:48] = ink[40:48, 55:100] = 255  # near each other
    ink[40:130, 250:258] = 255
    assert largest_component(ink).shape == (112, 62)
    assert label(ink > 0)[1] == 3
