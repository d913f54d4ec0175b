"""Figures on a page: sharp, in words, once, and the learner's own choice."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image

from workshop import plots
from workshop.jupyter import figures


@pytest.fixture
def figure():
    axis = plots.curves(
        np.arange(3), {"fall": [3, 1, 0], "rise <1>": [0, 1, 3]}, labels=("time (s)", "height (m)")
    )
    return axis.figure


def opened(data):
    return Image.open(io.BytesIO(base64.b64decode(data["image/png"])))


def test_a_figure_is_a_picture_and_a_page_with_the_same_words(figure):
    data, metadata = figures.bundle(figure)
    said = "Figure. height (m) over time (s), 0 to 2: fall from 3 to 0; rise <1> from 0 to 3"
    assert data["text/plain"] == metadata["image/png"]["alt"] == said
    assert f'alt="{said.replace("<", "&lt;").replace(">", "&gt;")}"' in data["text/html"]
    assert data["image/png"] in data["text/html"]


def test_it_has_two_pixels_for_each_of_the_page(figure):
    data, metadata = figures.bundle(figure)
    size = metadata["image/png"]
    assert opened(data).size == pytest.approx((2 * size["width"], 2 * size["height"]), abs=1)
    assert f'width="{size["width"]}"' in data["text/html"]
    assert size["width"] <= 610, "no wider than a column of text"


def test_the_ground_is_the_page_s_own(figure):
    picture = opened(figures.bundle(figure)[0]).convert("RGBA")
    assert picture.getpixel((2, 2))[3] == 0
    figure.set_facecolor("#ffeecc")
    assert opened(figures.bundle(figure)[0]).convert("RGBA").getpixel((2, 2))[3] == 255


def test_ink_is_turned_round_on_a_dark_page_and_a_photograph_is_not(figure):
    photograph = plots.photographs([np.full((40, 60, 3), 128)])
    for one, name in ((figure, "workshop-figure"), (photograph, "workshop-photograph")):
        page = figures.bundle(one)[0]["text/html"]
        assert f'<img class="{name}"' in page
    for place in figures.DARK:
        assert f"{place} .workshop-figure" in page
    assert page.count("invert(1) hue-rotate(180deg)") == 1


def test_a_photograph_keeps_its_colours_and_is_no_large_file():
    colours = np.random.default_rng(0).integers(0, 255, (4, 6, 3)).repeat(20, 0).repeat(20, 1)
    data, metadata = figures.bundle(plots.photographs([colours]))
    page = data["text/html"].partition("data:image/jpeg;base64,")[2].partition('"')[0]
    shown = Image.open(io.BytesIO(base64.b64decode(page)))
    size = metadata["image/png"]
    assert shown.size == pytest.approx((2 * size["width"], 2 * size["height"]), abs=1)
    assert len(set(shown.get_flattened_data())) > figures.COLOURS
    assert opened(data).size == (size["width"], size["height"])


def test_greys_of_a_camera_are_not_turned_round():
    axis = plt.subplots()[1]
    axis.imshow(np.eye(3), cmap="gray")
    assert "workshop-photograph" in figures.bundle(axis.figure)[0]["text/html"]


def test_a_grid_lies_below_a_picture():
    axis = plt.subplots()[1]
    axis.grid(visible=True, color="red", linewidth=9)
    axis.imshow(np.zeros((3, 3)), cmap="gray_r", aspect="auto")
    axis.axis("off")
    picture = opened(figures.bundle(axis.figure)[0]).convert("RGBA")
    assert picture.getpixel((picture.width // 2, picture.height // 2)) == (255, 255, 255, 0)


@pytest.fixture
def shell():
    shell = InteractiveShell()
    figures.install(shell)
    return shell


def test_a_shell_gives_both(shell, figure):
    data, metadata = shell.display_formatter.format(figure)
    assert set(data) == {"text/html", "image/png", "text/plain"}
    assert metadata["needs_background"] == "light"
    assert shell.config.InlineBackend.figure_formats == set()


def test_who_chooses_a_format_gets_that_alone(shell, figure):
    svg = shell.display_formatter.formatters["image/svg+xml"]
    svg.for_type(type(figure), lambda _: "<svg></svg>")
    data, _ = shell.display_formatter.format(figure)
    assert set(data) == {"image/svg+xml", "text/plain"}
