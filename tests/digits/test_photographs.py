"""A photograph becomes a digit, in whatever light, form or size."""

import io

import numpy as np
import pytest
from drawings import RNG, drawn, each_digit, expected, far, photograph
from PIL import Image

from workshop.digits import digit_from_ink, digit_from_photograph


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


def test_a_huge_photograph_is_read():
    huge = photograph(noise=0).resize((6000, 5000))
    for kind in ("JPEG", "PNG"):
        file = io.BytesIO()
        huge.save(file, kind)
        assert far(digit_from_photograph(file.getvalue()), expected()) < 9


def test_what_is_no_photograph_is_refused():
    with pytest.raises(ValueError, match="got 9 bytes that are no picture"):
        digit_from_photograph(b"Buy milk.")


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
