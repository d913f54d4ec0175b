"""Drawings and photographs of digits, made of lines, for the tests of what reads them."""

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from workshop.digits import digit_from_ink

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


def centre_of_mass(digit):
    mass = digit / digit.sum()
    places = np.arange(28)
    return mass.sum(axis=1) @ places, mass.sum(axis=0) @ places


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
