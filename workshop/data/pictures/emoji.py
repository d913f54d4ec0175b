"""The drawings that the package carries: 234 emoji in six classes."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

from workshop.data.idx import DamagedDataError
from workshop.data.pictures.read import read_picture
from workshop.messages import say

FILES = Path(__file__).parent / "files"
SHEET, TABLE = "emoji.webp", "emoji.csv"
SIDE, COLUMNS = 64, 18  # pixels of a drawing, drawings in a row of the sheet
# Each class with the subgroups that Unicode sorts its emoji into.
CLASSES = {
    "mammal": ("animal-mammal",),
    "bird": ("animal-bird",),
    "fruit": ("food-fruit",),
    "plant": ("plant-flower", "plant-other"),
    "transport": ("transport-ground",),
    "clothing": ("clothing",),
}


class Emoji(NamedTuple):
    """Drawings with their classes.

    `images` is uint8 (n, 64, 64, 3), 0..255, on white; `labels` (n,) counts the `classes` from 0;
    `names` has Unicode's name of each drawing.
    """

    images: np.ndarray
    labels: np.ndarray
    names: list[str]
    classes: list[str]


def load_emoji() -> Emoji:
    """Load 234 drawings of Noto Emoji: mammals, birds, fruit, plants, transport, clothing.

    They come with the package: no network is needed. What belongs to a class is what Unicode puts
    into its subgroup, also where that is strange: a feather is a bird there.

    Returns:
        The drawings, class by class, new arrays.

    Raises:
        DamagedDataError: a file is missing or damaged.

    Example:
        >>> emoji = load_emoji()
        >>> emoji.images.shape, emoji.names[4], emoji.classes[emoji.labels[4]]
        ((234, 64, 64, 3), 'dog face', 'mammal')

    Source:
        Google's Noto Emoji, Apache-2.0, in the package emoji-datasource-google 16.0.0, packed by
        `make_emoji.py`; see files/LICENSE.md beside this module.
    """
    class_of = {part: k for k, parts in enumerate(CLASSES.values()) for part in parts}
    try:
        with (FILES / TABLE).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        labels = np.array([class_of[row["subgroup"]] for row in rows])
        names = [row["name"] for row in rows]
        sheet = read_picture(FILES / SHEET, longest=10_000)
        images = sheet.reshape(-1, SIDE, COLUMNS, SIDE, 3).swapaxes(1, 2)
        images = images.reshape(-1, SIDE, SIDE, 3)[: len(rows)].copy()
        if not len(images) == len(rows) > 0:
            raise ValueError(
                say("Expected {expected} drawings, got {got}.", expected=len(rows), got=len(images))
            )
    except (OSError, KeyError, ValueError) as error:
        raise DamagedDataError(
            say(
                "The drawings can't be read: {error} Reinstall the workshop, or restore "
                "{sheet} and {table} in {folder}.",
                **{"error": error, "sheet": SHEET, "table": TABLE, "folder": FILES},
            )
        ) from error
    return Emoji(images, labels, names, list(CLASSES))
