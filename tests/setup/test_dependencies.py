"""Whoever installs the course beside a Jupyter of their own keeps that Jupyter."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = tomllib.loads(
    (Path(__file__).parent.parent.parent / "pyproject.toml").read_text(encoding="utf-8")
)["project"]
JUPYTER = {"ipykernel", "ipython", "jupyter-client", "jupyter-server", "jupyterlab", "notebook"}
# What Colab had on 2026-08-19 (github.com/googlecolab/backend-info, pip-freeze.txt). Where the
# course asks for more, `pip install` there replaces a package that the running kernel has loaded.
COLAB = {
    "anywidget": "0.9.21",
    "filelock": "3.32.3",
    "ipywidgets": "7.7.1",
    "jax": "0.7.2",
    "keras": "3.13.2",
    "matplotlib": "3.10.0",
    "nbformat": "5.11.1",
    "networkx": "3.6.1",
    "numpy": "2.1.3",
    "packaging": "26.3",
    "pillow": "11.3.0",
    "platformdirs": "4.11.3",
    "pooch": "1.9.0",
    "psutil": "5.9.5",
    "requests": "2.32.4",
    "rich": "13.9.4",
    "scipy": "1.16.3",
    "tensorboard": "2.20.0",
    "tqdm": "4.67.3",
    "truststore": "0.10.4",
    "typer": "0.27.1",
}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def needs(name, extras):
    """What an installed distribution asks for, on this Python and system."""
    try:
        wanted = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return
    for line in wanted:
        one = Requirement(line)
        if one.marker is None or any(one.marker.evaluate({"extra": e}) for e in extras or {""}):
            yield one


def closure(lines):
    """All distributions that these lines bring, with what they need themselves."""
    found, left = set(), [Requirement(line) for line in lines]
    while left:
        one = left.pop()
        if (key := (normal(one.name), *sorted(one.extras))) not in found:
            found.add(key)
            left += needs(one.name, one.extras)
    return {name for name, *_ in found}


def test_a_lesson_brings_no_jupyter_server_and_no_kernel():
    brought = closure(PROJECT["dependencies"])
    assert {"numpy", "traitlets", "jupyter-core"} <= brought  # the search goes beyond the first row
    assert brought & JUPYTER <= {"ipython"}


def test_the_extra_lab_brings_them():
    assert closure(PROJECT["optional-dependencies"]["lab"]) >= JUPYTER - {"notebook"}


@pytest.mark.parametrize("line", PROJECT["dependencies"])
def test_colab_keeps_what_it_has(line):
    needed = Requirement(line)
    assert needed.specifier.contains(COLAB[normal(needed.name)])
