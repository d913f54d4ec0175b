"""The JupyterLabs that run here: a widget needs its part in them, whatever the kernel has."""

import json
from pathlib import Path

import psutil

from workshop.doctor.finding import Finding
from workshop.messages import say

PART = Path("labextensions") / "anywidget"


def labs() -> list[Finding]:
    """Find running Jupyter servers, of another environment, that can't show the course's widgets.

    There the page says "Failed to load model class 'AnyModel'", and a widget is a still picture.
    """
    return [
        Finding(
            "JupyterLab",
            say("the one of {folder} lacks anywidget", folder=folder),
            say(
                "Lessons that are open in it show still pictures ('Failed to load model class'). "
                "Open them by `workshop lab`, or install anywidget in {folder} and start that "
                "JupyterLab again.",
                folder=folder,
            ),
        )
        for folder in sorted(_environments())
        if not _has_part(folder)
    ]


def _environments() -> set[Path]:
    """Give the environments of the servers that run as this user."""
    from jupyter_core.paths import jupyter_runtime_dir

    found = set()
    for about in Path(jupyter_runtime_dir()).glob("jpserver-*.json"):
        try:
            number = json.loads(about.read_text(encoding="utf-8"))["pid"]
            python = Path(psutil.Process(number).cmdline()[0])
        except (OSError, ValueError, LookupError, TypeError, psutil.Error):
            continue  # it has ended, or isn't ours
        # Not resolved: the Python of an environment is often a link to the one that made it.
        if python.is_absolute() and python.parent.name in {"bin", "Scripts"}:
            found.add(python.parent.parent)
        elif python.is_absolute():
            found.add(python.parent)  # Conda's on Windows
    return found


def _has_part(folder: Path) -> bool:
    from jupyter_core.paths import SYSTEM_JUPYTER_PATH, jupyter_data_dir

    places = [folder / "share" / "jupyter", jupyter_data_dir(), *SYSTEM_JUPYTER_PATH]
    return any((Path(place) / PART).is_dir() for place in places)
