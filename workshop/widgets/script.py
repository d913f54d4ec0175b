"""The browser's part of a widget, as one script."""

from pathlib import Path

HERE = Path(__file__).parent


def script(name: str) -> str:
    """Read a widget's script, with what several widgets use in front of it.

    A widget's script travels to the browser as one text, so it can't import another file.

    Args:
        name: of a file beside this one.

    Returns:
        The text of an ECMAScript module.

    Raises:
        FileNotFoundError: there is no such file.

    Example:
        >>> "function ticks(" in script("dashboard.js")
        True
    """
    parts = [(HERE / part).read_text(encoding="utf-8") for part in ("common.js", name)]
    return "\n".join(parts)
