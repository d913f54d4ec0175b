"""Folders and files that a person names in a variable of the environment."""

import os
from pathlib import Path
from urllib.parse import urlsplit

_AROUND = " \t\r\n\"'“”\u2018\u2019"


def named_path(variable: str) -> Path | None:
    """Read the path that a variable names: it means the same in each program of the course.

    A notebook's kernel works in another folder than `workshop doctor` does, so a path that is not
    absolute counts from the folder of the course, wherever a program was started. `~`, variables
    and `file://` are understood; quotes and spaces around the value are no part of it.

    Args:
        variable: its name, such as `"WORKSHOP_DATA"`.

    Returns:
        An absolute path, which need not exist; None where the variable is not set or empty.

    Example:
        >>> from unittest.mock import patch
        >>> with patch.dict(os.environ, WORKSHOP_DATA="data/mnist"):
        ...     named_path("WORKSHOP_DATA").is_absolute()
        True
    """
    value = bare(os.environ.get(variable, ""))
    if value.lower().startswith("file:"):
        from urllib.request import url2pathname

        value = url2pathname(urlsplit(value).path)
    if not value:
        return None
    return Path(_base(), home_in(os.path.expandvars(value)))


def bare(value: str) -> str:
    """Take off what shells, .env files and documents leave around a value: spaces and quotes.

    Example:
        >>> bare('"C:/mnist" ')
        'C:/mnist'
    """
    return value.strip(_AROUND)


def home_in(path: str) -> Path:
    """Put the home of the user in the place of `~`, and leave that where nobody knows it.

    Example:
        >>> home_in("~nobody-of-this-name/mnist").parts[0]
        '~nobody-of-this-name'
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:  # a container's user may have none
        return Path(path)


def _base() -> Path:
    from workshop.course import CourseNotFound, course_folder

    try:
        return course_folder()
    except CourseNotFound:
        return Path.cwd()
