"""Data for the lessons: MNIST, clouds of points, and splitting."""

from workshop.data.idx import DamagedDataError, DataError, MissingDataError
from workshop.data.mnist import load_mnist
from workshop.data.points import rings, spirals, two_lines
from workshop.data.splits import validation_split

__all__ = [
    "DamagedDataError",
    "DataError",
    "MissingDataError",
    "load_mnist",
    "rings",
    "spirals",
    "two_lines",
    "validation_split",
]
