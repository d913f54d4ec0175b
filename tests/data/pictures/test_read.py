"""Pictures of every kind come with the right pixels, or with a sentence."""

import io
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workshop.data import read_picture

RED, BLUE = (200, 30, 30), (20, 40, 210)


def picture(width=120, height=80):
    """Red at the left, blue at the right, with a black bar at the top."""
    pixels = np.zeros((height, width, 3), dtype="uint8")
    pixels[:, : width // 2], pixels[:, width // 2 :] = RED, BLUE
    pixels[: height // 10] = 0
    return Image.fromarray(pixels)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def near(pixels, colour, off=12):
    return np.abs(pixels.astype(int) - colour).max() <= off


def test_every_way_to_hand_a_picture_over(tmp_path):
    image, path = picture(), tmp_path / "a picture.png"
    image.save(path)
    ways = [path, str(path), path.read_bytes(), io.BytesIO(path.read_bytes()), image]
    ways += [memoryview(path.read_bytes()), np.asarray(image), np.asarray(image) / 255]
    ways += [np.asarray(image, dtype="uint16") * 257, np.asarray(image).tolist()]
    for way in ways:
        pixels = read_picture(way)
        assert pixels.dtype == np.uint8
        np.testing.assert_array_equal(pixels, np.asarray(image))
        pixels[:] = 0  # it is the caller's
    np.testing.assert_array_equal(read_picture(image), np.asarray(picture()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF"])
def test_every_kind_of_file(kind):
    pixels = read_picture(saved(picture(), kind))
    assert pixels.shape == (80, 120, 3)
    assert near(pixels[20:70, 10:50], RED)
    assert near(pixels[20:70, 70:110], BLUE)


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr"])
def test_other_colours_of_a_jpeg(mode):
    pixels = read_picture(saved(picture().convert(mode), "JPEG", quality=95))
    assert near(pixels[20:70, 10:50], RED)


def test_sixteen_bits_keep_all_their_shades():
    ramp = np.linspace(0, 65_535, 256).astype("uint16")[None].repeat(40, 0)
    pixels = read_picture(saved(Image.fromarray(ramp), "PNG"))
    np.testing.assert_allclose(pixels[20, :, 0], np.arange(256), atol=1)
    assert (pixels == pixels[..., :1]).all()


def test_floats_of_a_scientific_file():
    ramp = np.linspace(0, 1, 256, dtype="float32")[None].repeat(40, 0)
    for scale in (1, 255, 65_535):
        pixels = read_picture(saved(Image.fromarray(ramp * np.float32(scale)), "TIFF"))
        np.testing.assert_allclose(pixels[20, :, 0], np.arange(256), atol=1)


def test_what_is_transparent_lies_on_white():
    image = picture().convert("RGBA")
    image.putalpha(Image.fromarray(np.uint8(np.indices((80, 120))[1] >= 60) * 255))
    palette = picture().quantize(8)
    hidden = palette.getpixel((10, 40))
    for data in (saved(image, "PNG"), saved(palette, "PNG", transparency=hidden)):
        pixels = read_picture(data)
        assert near(pixels[20:70, 10:50], (255, 255, 255), off=0)
        assert near(pixels[20:70, 70:110], BLUE, off=20)


def test_the_first_frame_of_an_animation():
    frames = [picture(), Image.new("RGB", (120, 80), (0, 255, 0))]
    for kind in ("GIF", "WEBP", "PNG"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
        assert near(read_picture(data)[20:70, 10:50], RED, off=20)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_exif_tag_turns_it_upright(orientation):
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what the tag's turn is undone by
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = picture().transpose(undo[orientation]) if orientation > 1 else picture()
    pixels = read_picture(saved(stored, "JPEG", exif=exif, quality=95))
    assert pixels.shape == (80, 120, 3)
    assert near(pixels[20:70, 10:50], RED, off=30)
    assert pixels[2, 60].max() < 40


def test_a_large_picture_is_reduced_and_a_bomb_is_refused():
    for kind, most in (("JPEG", 20), ("PNG", 3)):
        pixels = read_picture(saved(picture(8_000, 6_250), kind))  # 50 million pixels
        assert pixels.shape == (800, 1024, 3)
        assert near(pixels[300:, 100:400], RED, off=most)
    assert read_picture(picture(3_000, 2_000), longest=300).shape == (200, 300, 3)
    for side in (9_000, 14_200):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = saved(Image.new("1", (side, side)), "PNG")
        with pytest.raises(ValueError, match=r"million pixels.*Reduce it"):
            read_picture(data)
    with pytest.raises(ValueError, match="MB or more"):
        read_picture(bytes(64_000_000))


@pytest.mark.parametrize(("kind", "most_mb"), [("JPEG", 200), ("PNG", 500)])
def test_fifty_million_pixels_take_little_memory_and_time(tmp_path, kind, most_mb):
    """What a process needs more for it, and the seconds of computing; a JPEG is read reduced."""
    if not (status := Path("/proc/self/status")).exists():
        pytest.skip("Only Linux says the most that a process had, and forgets its parent's.")
    path = tmp_path / "large"
    picture(8_000, 6_250).save(path, kind)
    script = (
        "import re, sys, time\n"
        "from workshop.data import read_picture\n"
        f"most = lambda: int(re.search(r'VmHWM:\\s+(\\d+)', open('{status}').read())[1])\n"
        "read_picture([[0] * 9] * 9)  # imports all\n"
        "before, start = most(), time.process_time()\n"
        "read_picture(sys.argv[1])\n"
        "print((most() - before) / 1024, time.process_time() - start)\n"
    )
    command = [sys.executable, "-c", script, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    size, seconds = map(float, said.split())
    assert size < most_mb
    assert seconds < 10


def half(kind):
    data = saved(picture(400, 300), kind)
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "got 0 bytes that are no picture"),
        (b"Buy milk.", "PNG.*got 9 bytes that are no picture"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "HEIC file.*Export it as a JPEG"),
        ("https://example.org/cat.png", "https://example.org/cat.png is an address.*Save the"),
        ("HTTP://EXAMPLE.ORG/" + "a" * 500, r"an address"),
        (half("JPEG"), "damaged"),
        (half("PNG"), "damaged"),
        ("/nowhere/cat.png", "There is no file '/nowhere/cat.png'"),
        (".", "There is no file"),
        (None, "got NoneType"),
        (7, "got int"),
        (["seven"], "got list"),
        (np.zeros((2, 28, 28)), r"shape \(2, 28, 28\)"),
        (np.zeros((0, 5)), "shape"),
        (np.zeros((4, 300)), "got 300 x 4"),
    ],
    ids=lambda part: str(part)[:30],
)
def test_what_is_no_picture_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        read_picture(given)


def test_a_dark_picture_of_16_bits_stays_dark(tmp_path):
    """Its levels below 256 are not those of a picture of 8 bits."""
    Image.fromarray(np.full((9, 9), 200, dtype=np.uint16)).save(tmp_path / "dark.png")
    assert (read_picture(tmp_path / "dark.png") == 1).all()
