"""Where the course lies on this machine."""

from pathlib import Path

from workshop.messages import say


class CourseNotFound(Exception):
    """No folder with the lessons was found."""


def course_folder() -> Path:
    """Find the folder that holds `notebooks/` and `solutions/`.

    The package is installed from the course folder in place, so that folder comes first; with
    the package installed elsewhere, the working folder and its parents are looked through.

    Returns:
        The absolute path of the course folder.

    Raises:
        CourseNotFound: neither place has the lessons.

    Example:
        >>> (course_folder() / "notebooks" / "02_softmax.ipynb").exists()
        True
    """
    here = Path.cwd()
    places = [Path(__file__).resolve().parent.parent.parent, here, *here.parents]
    for folder in places:
        if (folder / "notebooks").is_dir() and (folder / "solutions").is_dir():
            return folder
    raise CourseNotFound(
        say(
            "No lessons here: neither {home} nor {here} (nor a folder above it) has the folders "
            "notebooks/ and solutions/. Change to the folder of the course and try again.",
            **{"home": places[0], "here": here},
        )
    )
