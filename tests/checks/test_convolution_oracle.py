"""What lesson 04's checks compare with."""

import numpy as np
import pytest

from workshop.checks.convolution_oracle import is_near, map_of, two_digits


def test_a_map_is_a_sum_of_products():
    image = np.arange(20.0).reshape(4, 5)
    kernel = np.zeros((3, 3))
    kernel[0, 2], kernel[2, 0] = 1, -1
    assert map_of(image, kernel).tolist() == (image[:2, 2:] - image[2:, :3]).tolist()


def test_two_digits_are_others_and_have_ink():
    images = np.zeros((6, 28, 28), "uint8")
    images[3:] = np.arange(1, 4)[:, None, None] * 60
    one, other = two_digits(images, np.random.default_rng(0))
    assert one.mean() != other.mean()
    assert min(one.mean(), other.mean()) > 0.2
    assert one.dtype == "float32"


def test_near_is_not_far():
    image, kernel = np.random.default_rng(0).random((2, 9, 9))
    kernel = kernel[:3, :3]
    is_near(kernel * 1.05, kernel, image)
    with pytest.raises(Exception, match="20% of its length"):
        is_near(kernel * 1.2, kernel, image)
