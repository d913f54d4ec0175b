"""The picture of the pad: its ink, what the model gets of it, and the bars."""

import io

import numpy as np

SIDE = 280
BARS = 260  # pixels wide
HARDLY = 0.0005  # a bar would say 0.000
# A picture of sixteen colours is a small file: greys from paper to ink, and two blues.
GREYS = 14
PAPER, QUIET, INK, BAR, BEST = 0, 9, 13, 14, 15
PALETTE = [255 - 255 * grey // (GREYS - 1) for grey in range(GREYS) for _ in range(3)]
PALETTE += [143, 188, 217, 0, 114, 178]


def png(pad) -> bytes:
    """Draw the pad as a PNG file.

    Args:
        pad: a `DigitPad`.
    """
    file = io.BytesIO()
    picture(pad).save(file, format="png", bits=4)
    return file.getvalue()


def picture(pad):
    """Draw the pad: its ink, what the model gets of it, and the bars.

    Args:
        pad: a `DigitPad`.

    Returns:
        A `PIL.Image.Image`, 700 x 300. By Pillow: matplotlib would take a hundred times as long,
        and the next stroke would wait.
    """
    from PIL import Image, ImageDraw

    sheet = Image.new("P", (700, 300), PAPER)
    sheet.putpalette(PALETTE)
    draw = ImageDraw.Draw(sheet)
    _frame(sheet, draw, pad.ink, (10, 10), SIDE)
    _frame(sheet, draw, np.zeros((28, 28), "uint8") if pad.is_empty else pad.image, (305, 10), 84)
    draw.text((305, 100), "28 x 28", fill=QUIET)
    chances = pad.probabilities
    for digit in range(10):
        top = 12 + 28 * digit
        draw.text((410, top + 6), str(digit), fill=INK)
        if chances is None or chances[digit] < HARDLY:
            continue
        length = round(BARS * 0.8 * float(chances[digit]))
        colour = BEST if digit == chances.argmax() else BAR
        draw.rectangle((424, top, 425 + length, top + 20), fill=colour)
        draw.text((432 + length, top + 6), f"{chances[digit]:.3f}", fill=INK)
    return sheet


def _frame(sheet, draw, ink, corner, side):
    from PIL import Image

    greys = (ink.astype(np.uint16) * (GREYS - 1) // 255).astype(np.uint8)
    shown = Image.fromarray(greys).resize((side, side), Image.Resampling.NEAREST)
    sheet.paste(shown, corner)
    left, top = corner
    draw.rectangle((left - 1, top - 1, left + side, top + side), outline=QUIET)
