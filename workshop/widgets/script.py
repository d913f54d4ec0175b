"""The browser's part of a widget, as one script."""

from pathlib import Path

HERE = Path(__file__).parent


def script(path: Path) -> str:
    """Read a widget's script, with what several widgets use in front of it.

    A widget's script travels to the browser as one text, so it can't import another file.

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
    parts = [part.read_text(encoding="utf-8") for part in (HERE / "common.js", path)]
    return "\n".join(parts)
