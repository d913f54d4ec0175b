"""All our outputs in one notebook: by screen reader, in forced colours, calm, at twice the size."""

import os
from pathlib import Path

import pytest
from axe import violations
from browser import RUN_ALL, needs_chromium

pytestmark = needs_chromium

CELLS = (
    """import numpy as np, keras
from workshop.checks import course_map, softmax as checks
from workshop.data import load_mnist, rings
from workshop.widgets import CatchGame, DigitPad, Lanes, Playground, SystolicArray
from workshop.widgets import TrainingDashboard
keras.utils.set_random_seed(0)
layers = keras.layers
model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, "softmax")])
(x, y), _ = load_mnist("sample")
dashboard = TrainingDashboard(x[:400], y[:400])""",
    """display(dashboard)
dashboard.update(10, batch=(x[:100], y[:100], y[:100]), loss=(1.0, 1.1),
                 val_predictions=(y[:400] + (np.arange(400) % 3 == 0)) % 10,
                 weights=np.arange(9), biases=[0, 1])""",
    "DigitPad(model)",
    """states = [{"inputs": np.full((2, 2), 1.0), "sums": np.full((2, 2), 2.0)}] * 3
SystolicArray(states, weights=np.eye(2))""",
    """def build(hidden_units, activation, learning_rate):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, "sigmoid")])
    model.compile(keras.optimizers.SGD(learning_rate), "binary_crossentropy")
    return model
Playground(build, {"rings": rings()})""",
    "CatchGame(lambda pictures: np.tile([0.2, 0.3, 0.5], (len(pictures), 1)))",
    """Lanes.recorded({"how": "recorded by hand", "over": True, "lanes": [
    {"name": "worker 0", "words": "running", "steps": 2, "counts": [1, 1],
     "spans": [[0.0, 2.0, "running"]], "marks": []}]})""",
    "checks.softmax(lambda logits: logits)",
    "checks.softmax.solution()",
    "checks.progress()",
    """import matplotlib.pyplot as plt
_, ax = plt.subplots(figsize=(4, 2))
_ = ax.plot([1, 2], label="loss")""",
)
ROOTS = (
    ".training-dashboard",
    ".digit-pad",
    ".systolic-array",
    ".workshop-playground",
    ".catch-game",
    ".process-lanes",
)
COLOUR = "(selector) => getComputedStyle(document.querySelector(selector)).backgroundColor"
NEXT_THEME = "window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab %s'})"
EACH = """() => [...window.jupyterapp.shell.currentWidget.content.widgets]
    .map((cell) => cell.node.querySelectorAll(".jp-OutputArea-output").length)"""


@pytest.fixture(scope="module")
def page(lab):
    path = lab.write("everybody.ipynb", *CELLS)
    with lab.open(path, height=4500) as page:  # JupyterLab leaves out what is far from view
        page.evaluate(RUN_ALL)
        page.wait_for_function("window.allDone")
        for root in ROOTS:
            page.locator(root).first.wait_for(state="attached")
        yield page


def keep(page, name):
    """Where a folder is named, a picture to look at."""
    if folder := os.environ.get("WORKSHOP_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_every_cell_shows_something(page):
    assert all(page.evaluate(EACH)[1:])
    errors = page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")
    assert errors.all_text_contents() == []


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_nothing_serious_in_an_output_of_ours(page, theme):
    page.evaluate(NEXT_THEME % theme)
    shown = "true" if theme == "Light" else "false"
    page.locator(f"body[data-jp-theme-light={shown}]").wait_for(state="attached")
    keep(page, theme)
    assert violations(page, ".jp-OutputArea-output") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_stay_where_colours_are_forced(page, scheme):
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    keep(page, f"forced_{scheme}")
    paper = page.evaluate(COLOUR, ".digit-pad")
    marks = ".dp-bar", ".sa-key.sa-input", ".sa-key.sa-sum", ".cg-ball", ".cg-paddle", ".cg-bar-of"
    for mark in marks:
        assert page.evaluate(COLOUR, mark) != paper, mark
    # A picture is not turned: it would be light on the reader's light paper.
    turned = "getComputedStyle(document.querySelector('.workshop-figure')).filter"
    assert page.evaluate(turned) == "none"
    page.emulate_media(forced_colors="none", color_scheme="light")


def test_nothing_is_cut_at_twice_the_size(page):
    page.set_viewport_size({"width": 640, "height": 450})
    wide = page.evaluate(
        "(roots) => roots.map((one) => document.querySelector(one))"
        ".map((shown) => shown === null ? 0 : shown.scrollWidth - shown.clientWidth)",
        list(ROOTS),
    )
    page.set_viewport_size({"width": 1280, "height": 4500})
    assert max(wide) <= 2, dict(zip(ROOTS, wide, strict=True))


def test_catch_waits_for_who_wants_less_motion(page):
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(RUN_ALL)
    page.wait_for_function("window.allDone")
    page.locator(".catch-game[data-clock=waits]").wait_for(state="attached")
    page.emulate_media(reduced_motion="no-preference")
