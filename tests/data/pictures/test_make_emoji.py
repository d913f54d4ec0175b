"""The drawings are packed in Unicode's order, on white, the chosen subgroups only."""

import io
import json
import tarfile

import numpy as np
import pytest
from PIL import Image

from workshop.data import load_emoji
from workshop.data.pictures import emoji, make_emoji

ROWS = [
    # subgroup, name, place in Unicode's order, whether Google drew it, colour with transparency
    ("food-fruit", "CHERRY", 9, True, (200, 0, 0, 255)),
    ("animal-bird", "KING\u2019S CROW", 5, True, (0, 0, 0, 0)),
    ("animal-bird", "OWL", 3, True, (0, 0, 200, 255)),
    ("animal-bird", "DODO", 4, False, (9, 9, 9, 255)),
    ("music", "DRUM", 1, True, (0, 99, 0, 255)),
]


@pytest.fixture
def package(tmp_path):
    """What npm would fetch, with five emoji."""
    path = tmp_path / "emoji.tgz"
    listed = [
        {
            "subcategory": subgroup,
            "name": name,
            "sort_order": order,
            "has_img_google": drawn,
            "image": f"{order}.png",
        }
        for subgroup, name, order, drawn, _ in ROWS
    ]
    with tarfile.open(path, "w:gz") as archive:
        add(archive, make_emoji.LIST, json.dumps(listed).encode())
        for _, _, order, drawn, colour in ROWS:
            if drawn:
                file = io.BytesIO()
                Image.new("RGBA", (64, 64), colour).save(file, "PNG")
                add(archive, f"{make_emoji.DRAWINGS}{order}.png", file.getvalue())
    return path


def add(archive, name, content):
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def test_what_is_packed_is_loaded(package, tmp_path, monkeypatch):
    make_emoji.main(package, tmp_path)
    monkeypatch.setattr(emoji, "FILES", tmp_path)
    images, labels, names, classes = load_emoji()
    assert names == ["owl", "king's crow", "cherry"]
    assert [classes[k] for k in labels] == ["bird", "bird", "fruit"]
    colours = [(0, 0, 200), (255, 255, 255), (200, 0, 0)]
    np.testing.assert_array_equal(images[:, 30, 30], colours)
    assert (images == images[:, :1, :1]).all()
