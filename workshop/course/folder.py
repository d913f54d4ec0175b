"""Where the course lies on this machine, and where a user's own files lie."""

import os
from pathlib import Path

from workshop.messages import say
from workshop.variables import bare, home_in

PARTS = ("notebooks", "solutions")


class CourseNotFound(Exception):
    """No folder with the lessons was found."""


def course_folder() -> Path:
    """Find the folder that holds `notebooks/` and `solutions/`.

    The package is installed from the course folder in place, so that folder comes first, also
    where one of the two is gone: `workshop reset` brings it back. With the package installed
    elsewhere, the working folder and its parents are looked through. On a hub one package serves
    all: WORKSHOP_COURSE names each learner's own folder, which then comes before all others.

    Returns:
        The absolute path of the course folder.

    Raises:
        CourseNotFound: neither place has the lessons.

    Example:
        >>> (course_folder() / "notebooks" / "02_softmax.ipynb").exists()
        True
    """
    own = home_in(bare(os.environ.get("WORKSHOP_COURSE", "")))
    if own.is_absolute() and own.is_dir():
        return own
    home = Path(__file__).resolve().parent.parent.parent
    if (home / "start.py").is_file() or _has_lessons(home):
        return home
    here = Path.cwd()
    for folder in [here, *here.parents]:
        if _has_lessons(folder):
            return folder
    raise CourseNotFound(
        say(
            "No lessons here: neither {home} nor {here} (nor a folder above it) has the folders "
            "notebooks/ and solutions/. Change to the folder of the course and try again.",
            **{"home": home, "here": here},
        )
    )


def own_folder() -> Path | None:
    """Name the user's own folder, for what can't lie in the course's.

    Returns:
        Such as `~/.local/share/tensorflow-workshop`, which need not exist; None for a user who
        has no home.

    Example:
        >>> own_folder().name
        'tensorflow-workshop'
    """
    import platformdirs

    try:
        folder = platformdirs.user_data_path("tensorflow-workshop", appauthor=False)
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None  # platformdirs before 4.14 gives "~/..."


def _has_lessons(folder: Path) -> bool:
    return all((folder / part).is_dir() for part in PARTS)
