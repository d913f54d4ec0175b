"""What a cell put out, in pieces that a slide can hold: pictures, printed text, tables."""

import base64
import dataclasses
import html
import io
import re

from nbformat import NotebookNode

from workshop.book.outputs import shown_html
from workshop.messages import say

MIME = "image/png"
MOST_LINES = 20  # of printed text on a slide
PARTS = 3  # slides that one text may fill
STILL = 'class="workshop-still"'
PICTURE = re.compile(r"<img\b[^>]*>")
ATTRIBUTE = re.compile(r'\b(alt|src)="([^"]*)"')
ROW = re.compile(r"<tr\b|<li\b|<p\b|<br\b|\n")


@dataclasses.dataclass(frozen=True)
class Piece:
    """A part of what a cell put out.

    Args:
        kind: `"picture"`, `"text"` or `"table"`; the last is any HTML.
        html: what stands on the slide.
        lines: its height in lines of text; a picture takes what is left.
        is_live: whether it moves in the notebook.
        shape: a picture's height for each pixel of its width.
    """

    kind: str
    html: str
    lines: int
    is_live: bool = False
    shape: float = 0.0


def pieces(output: NotebookNode) -> list[Piece]:
    """Cut an output into pieces.

    Args:
        output: of a code cell.

    Returns:
        One piece, or several where a text is long; none for what shows nothing.

    Example:
        >>> from nbformat import v4
        >>> pieces(v4.new_output("stream", text="a < b\\n"))
        [Piece(kind='text', html='<pre>a &lt; b</pre>', lines=1, is_live=False, shape=0.0)]
    """
    if "text" in output:
        return _texts(output.text)
    data = output.get("data", {})
    shown = shown_html(output)
    if picture := PICTURE.search(shown):
        attributes = dict(ATTRIBUTE.findall(picture.group()))
        if is_live := STILL in shown:  # the page's picture is for its width, the other is as wide
            attributes["src"] = _source(data) or attributes.get("src", "")
        return [_picture(attributes, is_live=is_live)]
    if shown.strip():
        return [Piece("table", f"<div>{shown}</div>", len(ROW.findall(shown)) + 1)]
    if MIME in data:
        alt = html.escape(data.get("text/plain", ""))
        return [_picture({"src": _source(data), "alt": alt})]
    return _texts(data.get("text/plain", ""))


def _picture(attributes: dict[str, str], *, is_live: bool = False) -> Piece:
    """Write a picture without the size that it has on a page."""
    written = " ".join(f'{name}="{attributes.get(name, "")}"' for name in ("alt", "src"))
    shape = _shape(attributes.get("src", ""))
    return Piece("picture", f"<img {written}>", 0, is_live, shape)


def _source(data: dict[str, str]) -> str:
    """Write the picture of an output as an address; nothing where it has none."""
    return "data:image/png;base64," + "".join(data["image/png"].split()) if MIME in data else ""


def _shape(source: str) -> float:
    """Say how high a picture is for its width; 0 where that can't be read."""
    from PIL import Image

    try:
        width, height = Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))).size
    except (ValueError, OSError):
        return 0.0
    return height / width


def _texts(text: str) -> list[Piece]:
    """Cut a text into as many pieces as slides may show of it, and say how much is left out."""
    from nbconvert.filters import ansi2html

    lines = text.strip("\n").splitlines()
    if not lines:
        return []
    most = MOST_LINES * PARTS
    if len(lines) > most:
        left = say("... {number} more lines", number=len(lines) - most + 1)
        lines = [*lines[: most - 1], left]
    number = -(-len(lines) // MOST_LINES)
    size = -(-len(lines) // number)  # pieces of one length, and no last line alone
    found = []
    for start in range(0, len(lines), size):
        part = "\n".join(lines[start : start + size])
        found.append(Piece("text", f"<pre>{ansi2html(part)}</pre>", len(part.splitlines())))
    return found
