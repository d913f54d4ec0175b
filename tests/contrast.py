"""Contrast of two colours as WCAG 2 defines it, and the papers that notebooks are shown on."""

import re

# JupyterLab's light, its dark and its dark high contrast; VS Code's dark; Colab's dark.
PAPERS = ("#ffffff", "#111111", "#000000", "#1e1e1e", "#383838")
WORDS, MARKS = 4.5, 3.0  # the least contrast of words, and of lines and marks


def channels(colour, below=(255, 255, 255)):
    """Red, green, blue of `#rgb`, `#rrggbb`, a name, or `rgba(...)` on the colour below it."""
    colour = {"white": "#ffffff", "black": "#000000"}.get(colour.strip(), colour.strip())
    if not colour.startswith("#"):
        *mixed, alpha = [*map(float, re.findall(r"[\d.]+", colour)), 1.0][:4]
        return [alpha * top + (1 - alpha) * low for top, low in zip(mixed, below, strict=True)]
    digits = colour[1:] if len(colour) > 4 else "".join(digit * 2 for digit in colour[1:])
    return [int(digits[at : at + 2], 16) for at in (0, 2, 4)]


def luminance(parts):
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in parts)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour, paper):
    below = channels(paper)
    low, high = sorted((luminance(channels(colour, below)), luminance(below)))
    return (high + 0.05) / (low + 0.05)
