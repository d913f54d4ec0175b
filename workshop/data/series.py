"""Series of numbers over time, to forecast."""

import numpy as np

from workshop.messages import say


def noisy_sine(
    steps: int = 2400, *, period: float = 24.0, noise: float = 0.2, seed: int = 0
) -> np.ndarray:
    """Make a sine wave with noise on it: the smallest series worth forecasting.

    What can be known about the next value is the sine; the noise can't be known. So the best
    possible forecast is off by `noise` (root mean square), and a model can be judged by how near
    to that it comes. Think of a temperature measured every hour: its period is a day of 24.

    Args:
        steps: how many values, one per time step.
        period: length of a wave in steps; need not be whole.
        noise: standard deviation of the noise, in the unit of the sine's height, which is 1.
        seed: the same seed gives the same noise.

    Returns:
        The values, float32 (steps,), a new array; the sine begins at 0 and rises.

    Raises:
        ValueError: `steps` is below 1, `period` not above 0, or `noise` below 0.

    Example:
        >>> noisy_sine(4, period=4, noise=0.0).round(2).tolist()
        [0.0, 1.0, 0.0, -1.0]
    """
    if steps < 1:
        raise ValueError(say("steps: expected at least 1, got {got}", got=steps))
    if not (period > 0 and np.isfinite(period)):
        raise ValueError(
            say("period: expected a finite number of steps above 0, got {got}", got=period)
        )
    if not noise >= 0:
        raise ValueError(
            say("noise: expected a standard deviation of 0 or more, got {got}", got=noise)
        )
    wave = np.sin(2 * np.pi * np.arange(steps) / period)
    scatter = np.random.default_rng(seed).normal(scale=noise, size=steps)
    return (wave + scatter).astype(np.float32)
