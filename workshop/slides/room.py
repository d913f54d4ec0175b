"""How much fits on a slide of 1280 x 720, in letters that the last row can read."""

import math

from workshop.slides import blocks
from workshop.slides.pieces import Piece

# Pixels, as slides.css has them.
ROOM = 590  # below the heading
CODE_LINE, TEXT_LINE, ROW, GAP = 29, 40, 46, 18
PICTURE = 360  # a smaller one is no use
SQUARE = 500  # so much of one that is as high as wide, for its letters
LETTERS = 78  # in a line of text
MOST_CODE = ROOM // CODE_LINE


def height(block: str) -> int:
    """Estimate how high a block of Markdown is.

    Args:
        block: one of `blocks.blocks()`.

    Returns:
        Pixels, with the gap below it.

    Example:
        >>> height("a short line"), height("- one\\n- two")
        (58, 98)
    """
    lines = block.splitlines()
    if block.startswith(blocks.FENCE):
        return len(lines) * CODE_LINE + GAP
    if block.startswith("|"):
        return len(lines) * ROW + GAP
    if blocks.is_picture(block):
        return 2 * TEXT_LINE + GAP
    # Lines of a list begin with its marks; what follows without one continues the item.
    items = [""]
    for line in lines:
        if items[-1] and blocks.is_list(line):
            items.append("")
        items[-1] += f" {line.strip()}"
    return sum(math.ceil(len(item) / LETTERS) for item in items) * TEXT_LINE + GAP


def of_code(code: str) -> int:
    """Say how high a cell's code is, in pixels; 0 where there is none.

    Example:
        >>> of_code("a\\nb"), of_code("")
        (76, 0)
    """
    return (len(code.splitlines()) * CODE_LINE + GAP) if code else 0


def filled(parts: list, sizes: list[int]) -> list[list]:
    """Share parts out to slides in their order: each takes as many as it has room for.

    Args:
        parts: what is shared out.
        sizes: the height of each in pixels.

    Returns:
        The parts of each slide.

    Example:
        >>> filled(["a", "b", "c"], [300, 250, 100])
        [['a', 'b'], ['c']]
    """
    slides, left = [], 0
    for part, size in zip(parts, sizes, strict=True):
        if size > left or not slides:
            slides.append([])
            left = ROOM
        slides[-1].append(part)
        left -= size
    return slides


def in_parts(code: str) -> list[str]:
    """Cut code that is longer than a slide, at a blank line where there is one.

    Example:
        >>> [len(part.splitlines()) for part in in_parts("x\\n" * 45)]
        [15, 15, 15]
    """
    lines = code.rstrip().splitlines()
    found = []
    while len(lines) > MOST_CODE:
        even = math.ceil(len(lines) / math.ceil(len(lines) / MOST_CODE))
        blank = [k for k in range(even // 2, MOST_CODE + 1) if not lines[k].strip()]
        end = min(blank, key=lambda k: abs(k - even), default=even)
        found.append("\n".join(lines[:end]).rstrip())
        lines = "\n".join(lines[end:]).strip("\n").splitlines()
    return [*found, "\n".join(lines)]


def of_piece(piece: Piece) -> int:
    """Say how high a piece of output is, in pixels; a picture takes at least half a slide."""
    if piece.kind == "picture":
        return round(min(max(PICTURE, SQUARE * piece.shape), ROOM))
    return piece.lines * CODE_LINE + GAP
