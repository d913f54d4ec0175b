"""A drawing becomes a digit as MNIST has them."""

import os
import subprocess
import sys

import numpy as np
import pytest
from drawings import RNG, centre_of_mass, drawn, each_digit

from workshop.digits import digit_from_ink
from workshop.digits.ink import BOX, FINE, MIDDLE, NARROWEST, WIDEST, _by_centre_of_mass
from workshop.digits.strokes import stroke_width


@each_digit
@pytest.mark.parametrize("pen", [3, 10, 20, 35])
@pytest.mark.parametrize(
    ("height", "middle"), [(60, (60, 60)), (150, (160, 130)), (230, (140, 150))]
)
def test_a_digit_fills_its_box_and_lies_on_its_centre_of_mass(digit, pen, height, middle):
    pixels = digit_from_ink(drawn(digit, height=height, middle=middle, pen=pen * height / 230 + 1))
    assert pixels.dtype == np.uint8
    assert pixels.max() == 255
    rows, columns = np.flatnonzero(pixels.any(1)), np.flatnonzero(pixels.any(0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == BOX
    for place, ends in zip(centre_of_mass(pixels), (rows, columns), strict=True):
        # What would leave the picture stays at its edge, as near as it can be.
        low, high = MIDDLE - 0.5 - 1e-6, MIDDLE + 0.5 + 1e-6
        assert (low if ends[-1] < 27 else 0) <= place <= (high if ends[0] > 0 else 27)


# Ways in which different processors sum: each is right but for the last bit.
ORDERS = [
    lambda values: np.add.accumulate(values)[-1],
    lambda values: np.add.accumulate(values[::-1])[-1],
    lambda values: np.add.accumulate(values.reshape(-1, 4))[-1].sum(),
    lambda values: values[::2].sum() + values[1::2].sum(),
]


def test_a_symmetric_digit_lies_in_the_middle_where_floats_fall_on_either_side():
    floats = set()
    for _ in range(50):
        half = RNG.integers(0, 256, (BOX, BOX // 2))
        small = np.hstack([half, half[:, ::-1]])
        digit = _by_centre_of_mass(small)
        assert np.array_equal(digit, digit[:, ::-1])
        digit = _by_centre_of_mass(small.T)
        assert np.array_equal(digit, digit[::-1])
        parts = small.sum(axis=0) / small.sum() * np.arange(BOX)
        floats |= {int(np.rint(MIDDLE - add(parts))) for add in ORDERS}
    assert floats == {4, 5}


@pytest.mark.parametrize(
    ("columns", "first"),
    [
        ({9: 1, 10: 1}, 4),  # a tie
        ({9: 101, 10: 100}, 5),
        ({9: 100, 10: 101}, 4),
        ({10: 1, 11: 1}, 3),
        ({0: 1}, 8),
        ({19: 1}, 0),
    ],
)
def test_the_centre_of_mass_comes_to_the_middle_or_half_a_pixel_before_it(columns, first):
    small = np.zeros((BOX, BOX), dtype=int)
    for column, mass in columns.items():
        small[:, column] = mass
    columns_of_ink = np.flatnonzero(_by_centre_of_mass(small).any(axis=0))
    assert columns_of_ink[0] == first + min(columns)


def test_the_digits_of_mnist_have_their_centre_of_mass_there(mnist):
    images = mnist[0].astype(int)
    mass = images.sum(axis=(1, 2))
    for axis in (1, 2):
        twice = 2 * images.sum(axis=axis) @ np.arange(28)
        assert np.all((twice >= (2 * MIDDLE - 1) * mass) & (twice < (2 * MIDDLE + 1) * mass))


@pytest.mark.parametrize("width", [120, 180])
def test_a_drawing_of_two_like_halves_gives_such_a_digit(width):
    half = drawn("2")[:, 60 : 60 + width // 2]
    digit = digit_from_ink(np.hstack([half, half[:, ::-1]]))
    assert np.array_equal(digit, digit[:, ::-1])


# Frames have their centre of mass on a tie.
DIGITS = """
import hashlib
import numpy as np
from workshop.digits import digit_from_ink, digit_from_photograph

made = hashlib.sha256()
for height in range(60, 240, 30):
    for width in range(26, 120, 18):
        ink = np.zeros((280, 280), "uint8")
        ink[10 : 10 + height, 20 : 20 + width] = 255
        ink[18 : 2 + height, 28 : 12 + width] = 0
        made.update(digit_from_ink(ink).tobytes())
        made.update(digit_from_photograph(220 - ink // 2).tobytes())
print(made.hexdigest())
"""


def test_every_processor_makes_the_same_digits():
    """Older processors are played by OpenBLAS and NumPy, where these run on x86."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    older = {"NPY_DISABLE_CPU_FEATURES": " ".join(found)}
    said = {
        subprocess.run(
            [sys.executable, "-c", DIGITS],
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for variables in (
            {},
            {"OPENBLAS_CORETYPE": "Haswell"} | older,
            {"OPENBLAS_CORETYPE": "Nehalem"} | older,
            {"OPENBLAS_CORETYPE": "Prescott"} | older,
        )
    }
    assert len(said) == 1


@each_digit
def test_where_a_digit_was_drawn_does_not_matter(digit):
    here = drawn(digit, height=100, middle=(70, 80), pen=12)
    there = np.roll(here, (110, 130), (0, 1))
    assert np.array_equal(digit_from_ink(here), digit_from_ink(there))


@each_digit
@pytest.mark.parametrize("factor", [0.5, 0.8, 1.3])
def test_how_large_a_digit_was_drawn_hardly_matters(digit, factor):
    usual = digit_from_ink(drawn(digit, height=160, pen=18)).astype(float)
    other = digit_from_ink(drawn(digit, height=160 * factor, pen=18 * factor)).astype(float)
    moved = [np.roll(other, (down, across), (0, 1)) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    assert min(np.abs(usual - image).mean() for image in moved) < 5


@each_digit
def test_at_the_edge_of_the_paper_is_as_good_as_anywhere(digit):
    corner = drawn(digit, height=100, middle=(40, 50), pen=12)[:, 8:]
    rows, columns = np.flatnonzero(corner.any(1)), np.flatnonzero(corner.any(0))
    cut = corner[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]  # ink on all four edges
    assert np.array_equal(digit_from_ink(cut), digit_from_ink(np.pad(cut, 40)))


def test_mnist_ten_times_larger_comes_back(mnist):
    same, near = 0, []
    for image in mnist[0][:200]:
        back = digit_from_ink(np.kron(image, np.ones((10, 10), dtype="uint8")))
        same += np.array_equal(back, image)
        near.append(np.abs(back.astype(int) - image).mean())
    assert same > 80  # the others have strokes of an unusual width
    assert np.median(near) < 3
    assert max(near) < 30


@each_digit
def test_thin_and_thick_pens_get_widths_and_ink_as_in_mnist(digit, mnist):
    ink = mnist[0].mean(axis=(1, 2))[mnist[1] == int(digit)]
    least, most = np.percentile(ink, [0.5, 99.5])
    for pen in (3, 8, 20, 32, 44):
        pixels = digit_from_ink(drawn(digit, height=200, pen=pen))
        assert least < pixels.mean() < most, pen
        fine = np.kron(pixels, np.ones((FINE, FINE), dtype="uint8"))
        assert NARROWEST * 0.85 < stroke_width(fine) / FINE < WIDEST * 1.15, pen


@pytest.mark.parametrize("kind", [bool, "uint8", "int64", "float32", "float64"])
def test_ink_may_be_of_any_kind_of_number(kind):
    ink = drawn("7") > 127
    assert np.array_equal(digit_from_ink(ink.astype(kind)), digit_from_ink(ink))
    assert np.array_equal(digit_from_ink((ink * 0.37).astype("float32")), digit_from_ink(ink))


@pytest.mark.parametrize(
    ("ink", "said"),
    [
        (np.zeros((280, 280)), "got empty paper.*Draw a digit"),
        (np.pad(np.ones((9, 9)), 100), "got a dot of 9 x 9 pixels.*Draw larger"),
        (np.ones((1, 28, 28)), r"height, width.*got shape \(1, 28, 28\)"),
        (np.ones((0, 28)), "shape"),
        (np.array([["ink"]]), "numbers"),
        (np.full((28, 28), np.nan), "NaN"),
        (np.full((28, 28), -1.0), "negative"),
    ],
)
def test_ink_that_is_no_digit_is_refused(ink, said):
    with pytest.raises(ValueError, match=said):
        digit_from_ink(ink)
