"""Data for the lessons: MNIST, clouds of points, a series, a text, and splitting."""

from workshop.data.idx import DamagedDataError, DataError, MissingDataError
from workshop.data.mnist import load_mnist
from workshop.data.pictures import (
    imagenet_history,
    imagenet_names,
    load_emoji,
    load_photographs,
    read_picture,
)
from workshop.data.points import rings, spirals, two_lines
from workshop.data.series import noisy_sine
from workshop.data.splits import validation_split
from workshop.data.text import load_text

__all__ = [
    "DamagedDataError",
    "DataError",
    "MissingDataError",
    "imagenet_history",
    "imagenet_names",
    "load_emoji",
    "load_mnist",
    "load_photographs",
    "load_text",
    "noisy_sine",
    "read_picture",
    "rings",
    "spirals",
    "two_lines",
    "validation_split",
]
