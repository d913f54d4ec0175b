"""The drawings of the package are there, each under its class and its name."""

import numpy as np
import pytest
from PIL import Image

from workshop.data import DamagedDataError, load_emoji
from workshop.data.pictures import emoji


def test_all_are_there():
    images, labels, names, classes = load_emoji()
    assert images.shape == (234, 64, 64, 3)
    assert images.dtype == np.uint8
    assert np.bincount(labels).tolist() == [66, 22, 20, 29, 50, 47]
    assert classes == list(emoji.CLASSES)
    assert len(set(names)) == 234
    assert all(image.std() > 5 for image in images)  # no empty place of the sheet


@pytest.mark.parametrize(
    ("name", "of", "colour"),
    [
        ("tomato", "fruit", (220, 40, 30)),
        ("four leaf clover", "plant", (140, 190, 40)),
        ("black cat", "mammal", (50, 50, 50)),
        ("jeans", "clothing", (60, 110, 150)),
    ],
)
def test_a_picture_shows_what_its_name_says(name, of, colour):
    images, labels, names, classes = load_emoji()
    place = names.index(name)
    assert classes[labels[place]] == of
    inked = images[place][(images[place] < 250).any(-1)]
    assert np.abs(np.median(inked, axis=0) - colour).max() < 60


def test_the_paper_is_white_and_nothing_runs_over_an_edge_of_the_sheet():
    images = load_emoji().images
    corners = images[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert np.mean((corners > 250).all(-1)) > 0.97


def test_they_are_new_arrays():
    first = load_emoji().images
    first[:] = 0
    assert load_emoji().images.any()


def test_they_are_small():
    assert sum((emoji.FILES / name).stat().st_size for name in (emoji.SHEET, emoji.TABLE)) < 6e5


def test_files_that_are_damaged_or_gone_are_told(tmp_path, monkeypatch):
    table = (emoji.FILES / emoji.TABLE).read_text(encoding="utf-8")
    monkeypatch.setattr(emoji, "FILES", tmp_path)
    with pytest.raises(DamagedDataError, match=r"can't be read: .*emoji\.csv.*Reinstall"):
        load_emoji()
    (tmp_path / emoji.TABLE).write_text(table, encoding="utf-8")
    with pytest.raises(DamagedDataError, match=r"no file.*emoji\.webp"):
        load_emoji()
    Image.new("RGB", (18 * 64, 64)).save(tmp_path / emoji.SHEET, lossless=True)
    with pytest.raises(DamagedDataError, match=r"Expected 234 drawings, got 18\."):
        load_emoji()
    (tmp_path / emoji.TABLE).write_text("subgroup,name\nanimal-fish,cod\n", encoding="utf-8")
    with pytest.raises(DamagedDataError, match="animal-fish"):
        load_emoji()
