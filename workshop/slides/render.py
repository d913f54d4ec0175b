"""A deck becomes one HTML file: reveal.js, formulas, pictures and notes are all in it."""

import html
import re
from pathlib import Path

from workshop.book import npm
from workshop.book.pages import HINT
from workshop.slides.deck import Slide

OWN = Path(__file__).parent
REVEAL = "reveal.js", "5.2.1"
MATHJAX = "mathjax", "3.2.2"
STYLE = "xcode"  # Pygments' colours that are dark enough for a projector
FORMULA = re.compile(r"\$[^$\n]+\$|\\begin\{")
MADE = '<meta name="generator" content="TensorFlow workshop, slides">'
MATHJAX_SETTINGS = """window.MathJax = {
  tex: {inlineMath: [["$", "$"]]},
  options: {ignoreHtmlClass: "piece", enableMenu: false},
  svg: {fontCache: "local"},
};"""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{made}
<title>{title}</title>
{styles}
</head>
<body>
<div class="reveal"><div class="slides">
{slides}
</div></div>
{scripts}
</body>
</html>
"""


def file(slides: list[Slide]) -> str:
    """Write a deck as a file.

    Args:
        slides: of a lesson, by `deck.deck()`; the first is the title.

    Returns:
        HTML that asks for nothing else, also where there is no network.

    Raises:
        BookError: reveal.js or MathJax can't be had.
    """
    from pygments.formatters.html import HtmlFormatter

    reveal = npm.package(*REVEAL)
    sections = stacks([section(slide) for slide in slides], [slide.begins for slide in slides])
    styles = [_read(reveal / "dist" / name) for name in ("reset.css", "reveal.css")]
    styles += [HtmlFormatter(style=STYLE).get_style_defs(".highlight"), _read(OWN / "slides.css")]
    scripts = [_read(reveal / "dist" / "reveal.js"), _read(reveal / "plugin/notes/notes.js")]
    if FORMULA.search("\n".join(sections)):
        scripts += [MATHJAX_SETTINGS, _read(npm.package(*MATHJAX) / "es5" / "tex-svg.js")]
    scripts.append(_read(OWN / "slides.js"))
    return PAGE.format(
        made=MADE,
        title=html.escape(slides[0].heading),
        styles="\n".join(f"<style>\n{text}\n</style>" for text in styles),
        slides="\n".join(sections),
        scripts="\n".join(f"<script>\n{in_a_page(text)}\n</script>" for text in scripts),
    )


def stacks(sections: list[str], begins: list[bool]) -> list[str]:
    """Put the slides of each section of the lesson into one stack: a column of the overview.

    Example:
        >>> stacks(["a", "b", "c"], [True, True, False])
        ['<section>\\na\\n</section>', '<section>\\nb\\nc\\n</section>']
    """
    columns: list[list[str]] = []
    for text, is_first in zip(sections, begins, strict=True):
        if is_first or not columns:
            columns.append([])
        columns[-1].append(text)
    return ["<section>\n" + "\n".join(column) + "\n</section>" for column in columns]


def section(slide: Slide) -> str:
    """Write one slide with its notes."""
    level = "h1" if slide.kind == "title" else "h2"
    heading = re.sub(r"^<p>|</p>$", "", from_markdown(slide.heading).strip())
    parts = [f"<{level}>{heading}</{level}>", *map(from_markdown, slide.shown)]
    if slide.code:
        parts.append(highlighted(slide.code))
    # What printed lines answer stands above them: they come at the next press of a key.
    kind = "piece fragment" if slide.code else "piece"
    parts += [f'<div class="{kind} {piece.kind}">{piece.html}</div>' for piece in slide.pieces]
    if notes := "\n".join(map(from_markdown, slide.notes)):
        parts.append(f'<aside class="notes">\n{notes}\n</aside>')
    return f'<section class="{slide.kind}">\n' + "\n".join(parts) + "\n</section>"


def from_markdown(text: str) -> str:
    """Write Markdown as HTML; a folded hint is open, for notes are for who knows it.

    Example:
        >>> from_markdown("<details><summary>Hint</summary>Try `1`.</details>").strip()
        '<p><strong>Hint</strong>: Try <code>1</code>.</p>'
    """
    from nbconvert.filters import markdown2html

    return markdown2html(HINT.sub(r"**\1**: \2\n", text))


def highlighted(code: str) -> str:
    """Write a cell's code in colours."""
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    return highlight(code, get_lexer_by_name("ipython3"), HtmlFormatter(cssclass="highlight"))


def in_a_page(script: str) -> str:
    """Write a script so that nothing in it ends its element early.

    Example:
        >>> in_a_page("say('</script><!--')")
        "say('<\\\\/script><\\\\!--')"
    """
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
