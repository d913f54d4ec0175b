"""Settings of this machine and of other programs that reach into the course."""

import json
import os
from pathlib import Path

from workshop.doctor.finding import Finding
from workshop.jupyter import environment
from workshop.messages import say
from workshop.variables import home_in

_OWN = ("WORKSHOP_KERAS_HOME", "KERAS_HOME", "PYTHONPATH")  # said in words of their own


def settings() -> list[Finding]:
    """Find variables and files that make TensorFlow slow, or that the lessons have to set aside."""
    return [*_slow(), *_set_aside(), *_keras(), *_matplotlib(), *_certificates(), *_folders()]


def _slow() -> list[Finding]:
    found = []
    if os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0":
        remedy = say("Convolutions take 2 to 3 times longer. Unset it.")
        found.append(Finding("TF_ENABLE_ONEDNN_OPTS", "0", remedy))
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        remedy = say("TensorFlow takes 2 to 3 times longer to start. Unset it.")
        found.append(Finding("PYTHONDONTWRITEBYTECODE", say("set"), remedy))
    return found


def _set_aside() -> list[Finding]:
    """Name the variables that every kernel takes out or replaces, so that lessons run."""
    found = []
    for name in sorted(environment.changes(os.environ).keys() - {*_OWN}):
        if value := os.environ.get(name):
            set_aside = say("{value} (the lessons set it aside)", value=value)
            remedy = say("Unset it if it is not for scripts of your own.")
            found.append(Finding(name, set_aside, remedy))
    for folder in environment.shadows(os.environ):
        remedy = say(
            "Its packages stand before the course's own. Unset PYTHONPATH, or take it out."
        )
        found.append(Finding("PYTHONPATH", folder, remedy))
    return found


def _keras() -> list[Finding]:
    path, wrong = environment.keras_settings(os.environ)
    if not wrong:
        return []
    if "" in wrong:
        remedy = say("It is no file of settings. Delete it: Keras writes a new one.")
        return [Finding("keras.json", say("{path}: {why}", path=path, why=wrong[""]), remedy)]
    here, right = (
        ", ".join(f"{json.dumps(name)}: {json.dumps(values[name])}" for name in wrong)
        for values in (wrong, environment.KERAS)
    )
    value = say("{path} has {here} (the lessons set it aside)", path=path, here=here)
    remedy = say("For scripts of your own change it to {right}", right=right)
    return [Finding("keras.json", value, remedy)]


def _matplotlib() -> list[Finding]:
    """Name a file of settings that would give the lessons' pictures another look."""
    places = [Path("matplotlibrc"), Path("notebooks", "matplotlibrc")]
    places += [Path(folder, "matplotlibrc") for folder in _matplotlib_folders()]
    return [
        Finding("matplotlibrc", say("{path} (the lessons set it aside)", path=place.absolute()))
        for place in places
        if place.is_file()
    ]


def _matplotlib_folders() -> list[Path]:
    if chosen := os.environ.get("MPLCONFIGDIR"):
        return [Path(chosen)]
    config = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return [home_in(f"{config}/matplotlib"), home_in("~/.matplotlib")]


def _certificates() -> list[Finding]:
    from workshop.data import mirrors

    remedy = say("There are no certificates. Correct it, or unset it: pip needs it, too.")
    return [Finding(name, path, remedy) for name, path in mirrors.useless_certificates().items()]


def _folders() -> list[Finding]:
    """Find folders that can't be written to: where it is Jupyter's, no kernel would start."""
    from jupyter_core import paths

    ipython = home_in(os.environ.get("IPYTHONDIR") or "~/.ipython")
    folders = {"IPYTHONDIR": ipython, "JUPYTER_RUNTIME_DIR": Path(paths.jupyter_runtime_dir())}
    remedy = say("It cannot be written to. Set the variable to a folder of your own.")
    return [
        Finding(name, str(folder), remedy, fatal=name == "JUPYTER_RUNTIME_DIR")
        for name, folder in folders.items()
        if not environment.is_writable(folder)
    ]
