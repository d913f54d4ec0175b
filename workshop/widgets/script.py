"""The browser's part of a widget: its script and its style sheet, each as one text."""

import re
from pathlib import Path

HERE = Path(__file__).parent
# A linter and an editor see modules; what is pasted into one needs no import, and exports a widget.
IMPORT = re.compile(r'^import \{[^}]*\} from "\.\./page\.js";\n', re.MULTILINE)
PART = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def script(path: Path) -> str:
    """Read a widget's script, with what several widgets use, and its own parts, in front of it.

    A widget's script travels to the browser as one text, so it can't import another file: names
    are those of one module, and each part stands before what imports it.

    Args:
        path: of the script.

    Returns:
        The text of an ECMAScript module.

    Raises:
        FileNotFoundError: there is no such file.

    Example:
        >>> "function ticks(" in script(HERE / "dashboard" / "widget.js")
        True
    """
    return EXPORT.sub("", _read("page.js") + _with_parts(Path(path), set()))


def style(path: Path) -> str:
    """Read a widget's style sheet, with what several widgets use in front of it.

    Args:
        path: of the style sheet.

    Returns:
        The text of a style sheet.

    Raises:
        FileNotFoundError: there is no such file.

    Example:
        >>> ".workshop-spoken {" in style(HERE / "dashboard" / "widget.css")
        True
    """
    return _read("page.css") + _read(path)


def _with_parts(path: Path, known: set[str]) -> str:
    text, before = _read(path), ""
    for name in PART.findall(text):
        if name not in known:
            known.add(name)
            before += _with_parts(path.parent / name, known)
    return before + PART.sub("", IMPORT.sub("", text))


def _read(path: str | Path) -> str:
    return (HERE / path).read_text(encoding="utf-8")
