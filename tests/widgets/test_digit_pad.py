"""The digit pad without a browser: preprocessing, photographs, models, trouble, still picture."""

import base64
import io
import math
import os
import subprocess
import sys
import warnings

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from PIL import Image, ImageDraw, ImageFilter

from workshop.data import load_mnist
from workshop.digits import digit_from_ink, digit_from_photograph
from workshop.digits.components import label, largest_component
from workshop.digits.ink import BOX, FINE, MIDDLE, NARROWEST, WIDEST, _by_centre_of_mass
from workshop.digits.light import _least_squares, _polarities
from workshop.digits.photographs import ink_from_photograph
from workshop.digits.strokes import stroke_width, thicken
from workshop.widgets import DigitPad
from workshop.widgets.digit_pad.figure import picture
from workshop.widgets.digit_pad.predict import read_digit
from workshop.widgets.digit_pad.widget import _packed, _unpacked

RNG = np.random.default_rng(0)
LINES = {
    "1": [(0.0, -0.5), (0.0, 0.5)],
    "7": [(-0.3, -0.5), (0.3, -0.5), (-0.1, 0.5)],
    "0": [(0.3 * math.sin(a), -0.5 * math.cos(a)) for a in np.linspace(0, 2 * math.pi, 60)],
    "2": [(-0.3, -0.3), (-0.1, -0.5), (0.3, -0.3), (-0.3, 0.5), (0.35, 0.45)],
}
each_digit = pytest.mark.parametrize("digit", LINES)


def drawn(digit, *, height=180, middle=(140, 140), pen=20, size=(280, 280)):
    """Ink of a digit, drawn four times finer and reduced."""
    image = Image.new("L", (4 * size[0], 4 * size[1]))
    points = [(4 * (middle[0] + x * height), 4 * (middle[1] + y * height)) for x, y in LINES[digit]]
    draw = ImageDraw.Draw(image)
    draw.line(points, fill=255, width=round(4 * pen), joint="curve")
    for x, y in points:  # round ends
        draw.ellipse((x - 2 * pen, y - 2 * pen, x + 2 * pen, y + 2 * pen), fill=255)
    return np.asarray(image.reduce(4))


def ones(images):
    return np.eye(10)[[1]]


@pytest.fixture(scope="module")
def mnist():
    (x_train, y_train), _ = load_mnist("sample")
    return x_train, y_train


def centre_of_mass(digit):
    mass = digit / digit.sum()
    places = np.arange(28)
    return mass.sum(axis=1) @ places, mass.sum(axis=0) @ places


# Preprocessing ------------------------------------------------------------------------------------


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


def test_peeling_measures_and_thickening_changes_the_width():
    for pen in (6, 12, 24):
        ink = drawn("0", pen=pen)
        assert stroke_width(ink) == pytest.approx(pen, rel=0.12, abs=0.7)
        assert stroke_width(thicken(ink, 2)) == pytest.approx(pen + 4, rel=0.15)
        assert stroke_width(thicken(ink, -1.5)) == pytest.approx(pen - 3, rel=0.2, abs=1)


# Photographs --------------------------------------------------------------------------------------


def photograph(digit="7", *, paper=200.0, ink=50.0, pen=24, slope=0.0, noise=3.0, height=450):
    """Paper that is lighter to the right, 900 x 800, with a digit in it."""
    mask = drawn(digit, height=height, middle=(420, 430), pen=pen, size=(900, 800))
    mask = np.asarray(Image.fromarray(mask).filter(ImageFilter.GaussianBlur(2))) / 255
    light = paper + slope * np.linspace(-0.5, 0.5, 900)[None, :]
    pixels = light * (1 - mask) + ink * mask + RNG.normal(0, noise, mask.shape)
    return Image.fromarray(np.uint8(np.clip(pixels, 0, 255)))


def expected(digit="7", pen=24, height=450):
    ink = drawn(digit, height=height, middle=(420, 430), pen=pen, size=(900, 800))
    return digit_from_ink(ink).astype(float)


def far(digit, from_digit):
    """Mean distance of two digits at their best fit, in grey levels."""
    shifts = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    return min(np.abs(np.roll(digit, s, (0, 1)) - from_digit).mean() for s in shifts)


@each_digit
@pytest.mark.parametrize(
    "light",
    [
        {},
        {"slope": 90},
        {"paper": 60, "ink": 230},
        {"paper": 90, "ink": 240, "slope": 60},
        {"ink": 150, "noise": 5},
        {"noise": 15},
        {"pen": 8},
        {"pen": 60},
        {"height": 120, "pen": 9},
    ],
    ids=str,
)
def test_a_photograph_gives_the_digit_that_was_drawn(digit, light):
    shape = {name: light[name] for name in ("pen", "height") if name in light}
    assert far(digit_from_photograph(photograph(digit, **light)), expected(digit, **shape)) < 9


def test_shadows_ruled_lines_specks_and_a_table_are_no_ink():
    pixels = np.asarray(photograph()).astype(float)
    shadow = pixels.copy()
    shadow[:, :300] *= 0.6
    ruled = pixels.copy()
    ruled[::60] = np.minimum(ruled[::60], 150)
    specks = pixels.copy()
    for down, across in RNG.integers(0, 780, (60, 2)):
        specks[down : down + 4, across : across + 4] = 40
    beside = pixels.copy()
    beside[:, :60] = 30  # a dark thing that runs over the edge
    for image in (shadow, ruled, specks, beside):
        assert far(digit_from_photograph(image.astype("uint8")), expected()) < 9


def test_every_way_to_hand_a_photograph_over(tmp_path):
    image = photograph(noise=0)
    path = tmp_path / "seven.png"
    image.save(path)
    ways = [path, str(path), path.read_bytes(), io.BytesIO(path.read_bytes()), image]
    ways += [memoryview(path.read_bytes()), np.asarray(image), np.asarray(image) / 255]
    ways += [np.asarray(image)[..., None], np.asarray(image.convert("RGB")), image.convert("CMYK")]
    with path.open("rb") as file:
        digits = [digit_from_photograph(way) for way in [*ways, file]]
    for digit in digits:
        assert np.abs(digit.astype(int) - digits[0]).max() <= 6


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "F"])
def test_every_mode_of_a_picture(mode):
    image = photograph(noise=0)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype("uint16") * 256)
    else:
        image = image.convert(mode) if mode != "LA" else image.convert("RGBA").convert("LA")
    assert far(digit_from_photograph(image), expected()) < 9


def test_an_alpha_channel_is_paper():
    ink = drawn("7", height=300, middle=(200, 200), size=(400, 400))
    for colour in ((0, 0, 0), (200, 30, 30), (255, 255, 255)):
        pixels = np.zeros((400, 400, 4), dtype="uint8")
        pixels[..., :3], pixels[..., 3] = colour, ink
        assert far(digit_from_photograph(pixels), digit_from_ink(ink).astype(float)) < 9


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_exif_tag_turns_the_photograph_upright(orientation):
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what the tag's turn is undone by
    image = photograph(noise=0)
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    stored = image.transpose(undo[orientation]) if orientation > 1 else image
    stored.save(file, "JPEG", exif=exif)
    assert far(digit_from_photograph(file.getvalue()), expected()) < 9


def test_a_huge_photograph_is_read_and_a_bomb_is_refused(tmp_path):
    huge = photograph(noise=0).resize((6000, 5000))
    for kind in ("JPEG", "PNG"):
        file = io.BytesIO()
        huge.save(file, kind)
        assert far(digit_from_photograph(file.getvalue()), expected()) < 9
    for side in (9_000, 20_000):
        file = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.new("1", (side, side)).save(file, "PNG")
        with pytest.raises(ValueError, match=r"million pixels.*Reduce it"):
            digit_from_photograph(file.getvalue())
    with pytest.raises(ValueError, match="MB or more"):
        digit_from_photograph(bytes(64_000_000))


def half(kind):
    file = io.BytesIO()
    photograph().save(file, kind)
    return file.getvalue()[: len(file.getvalue()) // 2]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "got 0 bytes that are no picture"),
        (b"Buy milk.", "PNG.*got 9 bytes that are no picture"),
        (half("JPEG"), "damaged"),
        (half("PNG"), "damaged"),
        ("/nowhere/seven.png", "There is no file '/nowhere/seven.png'"),
        (None, "got NoneType"),
        (7, "got int"),
        (["seven"], "got list"),
        (np.zeros((2, 28, 28)), r"shape \(2, 28, 28\)"),
        (np.zeros((0, 5)), "shape"),
        (np.zeros((4, 300)), "got 300 x 4"),
    ],
    ids=str,
)
def test_what_is_no_photograph_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        digit_from_photograph(given)


@pytest.mark.parametrize(
    "sheet",
    [
        np.full((600, 800), 255, dtype="uint8"),
        np.zeros((600, 800), dtype="uint8"),
        RNG.integers(0, 256, (600, 800)).astype("uint8"),
        np.uint8(np.clip(RNG.normal(200, 6, (600, 800)), 0, 255)),
        np.uint8(np.linspace(60, 240, 800)[None, :].repeat(600, 0)),
        np.uint8(np.hstack([np.full((600, 300), 60), np.full((600, 500), 220)])),
        np.uint8(220 - 160 * (np.hypot(*np.mgrid[-300:300, -400:400]) < 80)),
        np.uint8(220 - 160 * (np.hypot(*np.mgrid[-300:300, -400:400]) < 8)),
        np.zeros((300, 300, 4), dtype="uint8"),
    ],
    ids=["white", "black", "noise", "paper", "slope", "two", "spot", "speck", "transparent"],
)
def test_a_sheet_without_a_digit_is_answered(sheet):
    with pytest.raises(ValueError, match=r"No digit was found.*go nearer"):
        digit_from_photograph(sheet)


def test_a_digit_of_two_strokes_stays_whole_and_a_far_one_is_left():
    ink = np.zeros((200, 300), dtype="uint8")
    ink[40:150, 40:48] = ink[40:48, 55:100] = 255  # near each other
    ink[40:130, 250:258] = 255
    assert largest_component(ink).shape == (112, 62)
    assert label(ink > 0)[1] == 3


def test_the_light_of_the_paper_is_fitted_alike_in_every_order():
    """Rows that are mixed are summed in another order; the planes must be equal to the last bit."""
    rows, columns = RNG.integers(0, 640, (2, 5000))
    levels = np.rint(200 - 0.1 * rows + 0.03 * columns + RNG.normal(0, 9, 5000)).astype(int)
    plane = _least_squares(rows, columns, levels)
    terms = np.stack([np.ones(5000), rows, columns], axis=1)
    assert np.allclose(plane, np.linalg.lstsq(terms, levels, rcond=None)[0])
    for _ in range(5):
        mixed = RNG.permutation(5000)
        assert _least_squares(rows[mixed], columns[mixed], levels[mixed]) == plane


@pytest.mark.parametrize("shape", [(1, 640), (640, 1), (2, 90), (60, 80)])
def test_where_neither_is_likelier_the_ink_is_taken_for_dark(shape):
    """Both extremes are equally far from the plane."""
    for sheet in (np.full(shape, 90.0), 100 + 50.0 * (-1) ** np.indices(shape).sum(axis=0)):
        assert np.array_equal(_polarities(sheet.astype("float32"))[0], sheet)


def test_the_photograph_stands_in_the_middle_of_the_pad():
    ink = ink_from_photograph(photograph())
    assert ink.shape == (280, 280)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    assert np.ptp(rows) + 1 == pytest.approx(220, abs=4)
    assert rows.mean() == pytest.approx(140, abs=3)
    assert columns.mean() == pytest.approx(140, abs=3)


# Models -------------------------------------------------------------------------------------------

BLANK = np.zeros((1, 28, 28), dtype="uint8")


def test_logits_become_probabilities_and_probabilities_stay():
    logits = RNG.normal(size=(1, 10))
    powers = np.exp(logits[0])
    assert np.allclose(read_digit(lambda _: logits, BLANK), powers / powers.sum())
    assert np.allclose(read_digit(lambda _: powers / powers.sum(), BLANK), powers / powers.sum())
    assert read_digit(lambda _: [[1000.0] + [0.0] * 9], BLANK)[0] == 1


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (784,)])
def test_a_model_gets_the_shape_that_it_says(shape):
    class Model:
        input_shape = (None, *shape)

        def __call__(self, images):
            assert images.shape == (1, *shape)
            return ones(images)

    assert read_digit(Model(), BLANK)[1] == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.zeros((1, 7)), r"shape \(1, 7\).*\(1, 10\)"),
        (np.zeros((28, 28)), r"shape \(28, 28\)"),
        (3, r"shape \(\)"),
        (None, r"shape \(\)|NoneType"),
        ("seven", "str, which is not numbers"),
        (np.full((1, 10), np.nan), "NaN.*smaller learning_rate"),
    ],
)
def test_what_a_model_must_not_give(given, said):
    with pytest.raises(ValueError, match=f"(?s){said}"):
        read_digit(lambda _: given, BLANK)
    pad = DigitPad(lambda _: given)
    assert pad.message.startswith("The model gives")
    pad.load(photograph())
    assert pad.message.startswith("The model gives")
    assert pad.probabilities is None
    assert pad.digit.shape == (1, 28, 28)


# The pad ------------------------------------------------------------------------------------------


def browser_draws(pad, ink, number=1):
    """What arrives from the browser: buffers are memoryviews."""
    content = {"kind": "drawing", "author": "a", "number": number}
    pad._handle_custom_msg(content, [memoryview(_packed(ink))])


@pytest.fixture
def pad():
    return DigitPad(ones)


def test_a_drawing_travels_packed_and_comes_whole():
    for ink in (drawn("7"), np.zeros((280, 280), "uint8"), np.full((280, 280), 255, "uint8")):
        assert np.array_equal(_unpacked(_packed(ink)), ink)
    noise = RNG.integers(0, 256, (280, 280)).astype("uint8")
    assert np.array_equal(_unpacked(_packed(noise)), noise)
    assert len(_packed(drawn("7"))) < 8000


def test_what_is_drawn_is_read(pad):
    ink = drawn("7")
    browser_draws(pad, ink, number=5)
    assert np.array_equal(pad.ink, ink)
    assert np.array_equal(pad.image, digit_from_ink(ink))
    assert np.array_equal(pad.digit, pad.image[None])
    assert pad.probabilities.dtype == np.float32
    assert pad.probabilities[1] == 1
    assert pad._state["number"] == 5
    assert pad._state["digit"] == pad.image.tobytes()
    assert pad._state["probabilities"][1] == 1
    assert repr(pad) == "Drawn; read as 1 (1.000)"


def test_what_the_pad_gives_is_a_copy(pad):
    browser_draws(pad, drawn("7"))
    for name in ("ink", "image", "digit", "probabilities"):
        getattr(pad, name)[...] = 0
        assert getattr(pad, name).max() > 0


def test_an_empty_pad_says_so(pad):
    for _ in range(2):
        assert pad.probabilities is None
        assert pad.ink.max() == 0
        assert repr(pad) == "Nothing drawn yet"
        for name in ("digit", "image"):
            with pytest.raises(ValueError, match=r"nothing on it.*pad.load"):
                getattr(pad, name)
        browser_draws(pad, drawn("7"))
        pad.clear()
    browser_draws(pad, drawn("1", height=1, pen=14), number=9)
    assert "dot" in pad.message
    with pytest.raises(ValueError, match="only a dot"):
        pad.digit  # noqa: B018 - a property that raises


def test_a_photograph_by_code_and_by_the_button_are_the_same(pad):
    file = io.BytesIO()
    photograph().save(file, "PNG")
    pad.load(file.getvalue())
    by_code = pad.ink
    assert pad._drawing["author"] == ""
    pad.clear()
    pad._handle_custom_msg({"kind": "photograph"}, [memoryview(file.getvalue())])
    assert np.array_equal(pad.ink, by_code)
    assert pad.probabilities[1] == 1


def test_a_bad_photograph_leaves_the_drawing_and_says_why(pad):
    browser_draws(pad, drawn("7"))
    with pytest.raises(ValueError, match="no picture"):
        pad.load(b"Buy milk.")
    assert pad.message == ""  # the error stands in the cell
    answers = set()
    for _ in range(2):
        pad._handle_custom_msg({"kind": "photograph"}, [memoryview(b"Buy milk.")])
        answers.add(pad._state["answer"])
        assert "no picture" in pad._state["message"]
        assert pad._state["probabilities"][1] == 1
    assert len(answers) == 2
    browser_draws(pad, drawn("0"), number=2)
    assert pad.message == ""


@pytest.mark.parametrize("error", [RuntimeError("no weights"), KeyError(""), ZeroDivisionError()])
def test_a_model_that_raises_is_said_in_the_pad(error):
    def broken(images):
        raise error

    pad = DigitPad(broken)
    browser_draws(pad, drawn("7"))
    assert pad._state["message"].startswith(f"The model raised {type(error).__name__}: ")
    assert pad.probabilities is None
    assert "not read" in repr(pad)
    pad.model = ones
    assert pad.message == ""
    assert pad.probabilities[1] == 1


def test_a_pad_without_a_model_draws():
    pad = DigitPad()
    assert "No model" in pad._state["note"]
    browser_draws(pad, drawn("7"))
    assert pad.digit.shape == (1, 28, 28)
    assert pad.probabilities is None
    with pytest.raises(ValueError, match="model came as int"):
        pad.model = 3
    with pytest.raises(ValueError, match="model came as str"):
        DigitPad("model.keras")


def test_the_model_is_called_once_before_the_first_stroke():
    calls = []
    pad = DigitPad(lambda images: calls.append(images.shape) or ones(images))
    assert calls == [(1, 28, 28)]
    browser_draws(pad, drawn("7"))
    assert len(calls) == 2


def test_a_broken_message_of_the_browser_is_said(pad):
    content = {"kind": "drawing", "author": "a", "number": 1}
    pad._handle_custom_msg(content, [memoryview(b"\x01\x02")])
    assert "1 pixels" in pad.message
    pad._handle_custom_msg({"kind": "photograph"}, [])
    assert pad.message
    pad._handle_custom_msg({"kind": "something else"}, [])


def test_the_drawing_stays_in_what_a_reloaded_page_asks_for(pad):
    browser_draws(pad, drawn("7"))
    state = pad.get_state()
    assert np.array_equal(_unpacked(state["_drawing"]["ink"]), pad.ink)
    assert state["_state"]["probabilities"][1] == 1


def test_the_still_picture_shows_the_ink_and_the_bars(pad):
    empty = np.asarray(picture(pad).convert("L"))
    browser_draws(pad, drawn("7"))
    full = np.asarray(picture(pad).convert("L"))
    assert full.shape == (300, 700)
    assert (full != empty)[:, :300].sum() > 1000
    assert (full != empty)[40:60, 424:600].sum() > 1000


def test_outside_of_a_notebook_the_pad_is_a_line(pad, capsys):
    pad._ipython_display_()
    assert capsys.readouterr().out == "Nothing drawn yet\n"


def test_a_notebook_keeps_a_picture_that_follows_the_drawing():
    cells = [
        "import numpy as np\nfrom workshop.widgets import DigitPad\n"
        "pad = DigitPad(lambda images: np.eye(10)[[1]])\npad",
        "paper = np.full((90, 90), 220)\npaper[10:80, 40:46] = 20\npad.load(paper)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    live, still = notebook.cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in live.data
    assert "read as 1 (1.000)" in still.data["text/plain"]
    assert "read as 1 (1.000)" in still.metadata["image/png"]["alt"]
    assert 'alt="Picture of a digit pad. Drawn; read as 1 (1.000)' in still.data["text/html"]
    file = io.BytesIO(base64.b64decode(still.data["image/png"]))
    assert Image.open(file).size == (700, 300)
    assert len(file.getvalue()) < 10_000
