"""What lesson 10b computes with the network, for those who do not have it."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

FILE = Path(__file__).parent / "transfer.npz"
STEP = 1 / 64  # between the recorded features; they reach from 0 to 6


class RecordedTransfer(NamedTuple):
    """Results of lesson 10b.

    `features` (234, 1280) are those of `workshop.data.load_emoji`, in its order, each rounded to
    1/64; `apart` (2,) how much one picture's differ in two batches, in training and otherwise;
    `moved` (4, 3) the weights, statistics and the score after one `fit` in each of four ways;
    `change` (3, 4) what fine-tuning changed, for each draw and learning rate.
    """

    features: np.ndarray
    apart: np.ndarray
    moved: np.ndarray
    change: np.ndarray


def recorded_transfer() -> RecordedTransfer:
    """Load what was recorded of lesson 10b.

    `python benchmarks/record_transfer.py` made it: it runs the lesson's own cells with the
    network.

    Returns:
        New arrays, float32 and float64.

    Example:
        >>> recorded_transfer().features.shape
        (234, 1280)
    """
    with np.load(FILE) as file:
        return RecordedTransfer(
            file["features"].astype(np.float32) * STEP,
            *(file[name] for name in RecordedTransfer._fields[1:]),
        )
