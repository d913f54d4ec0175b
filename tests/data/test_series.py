"""The series: a sine and noise."""

import numpy as np
import pytest

from workshop.data import noisy_sine


def test_the_series_is_a_sine_and_noise_of_the_given_size():
    series = noisy_sine(5000, period=20, noise=0.3)
    noise = series - np.sin(2 * np.pi * np.arange(5000) / 20)
    assert series.dtype == np.float32
    assert series.shape == (5000,)
    assert abs(noise.std() - 0.3) < 0.01
    assert abs(noise.mean()) < 0.02


def test_the_series_repeats_after_a_period():
    series = noisy_sine(100, period=10, noise=0)
    np.testing.assert_allclose(series[10:], series[:-10], atol=1e-5)


def test_the_seed_decides_on_the_noise():
    np.testing.assert_array_equal(noisy_sine(50, seed=3), noisy_sine(50, seed=3))
    assert (noisy_sine(50, seed=3) != noisy_sine(50, seed=4)).any()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"steps": 0}, "steps: .*got 0"),
        ({"period": 0}, "period: .*got 0"),
        ({"period": float("inf")}, "period: .*got inf"),
        ({"noise": -1}, "noise: .*got -1"),
        ({"noise": float("nan")}, "noise: .*got nan"),
    ],
)
def test_the_series_says_what_is_wrong(given, says):
    with pytest.raises(ValueError, match=says):
        noisy_sine(**given)
