"""Make emoji.webp and emoji.csv, the drawings that the package carries.

    npm pack emoji-datasource-google@16.0.0
    python -m workshop.data.pictures.make_emoji emoji-datasource-google-16.0.0.tgz

The drawings are laid on white and packed into one picture without loss, so a second run gives the
same pixels.
"""

import csv
import io
import json
import sys
import tarfile
from pathlib import Path

from workshop.data.pictures.emoji import CLASSES, COLUMNS, FILES, SHEET, SIDE, TABLE
from workshop.data.pictures.read import on_white

LIST, DRAWINGS = "package/emoji.json", "package/img/google/64/"


def main(package: Path, folder: Path = FILES) -> None:
    """Write both files.

    Args:
        package: what `npm pack` fetched.
        folder: where they go.
    """
    from PIL import Image

    with tarfile.open(package) as archive:
        known = json.load(_file(archive, LIST))
        rows = [
            one
            for parts in CLASSES.values()
            for one in sorted(known, key=lambda one: one["sort_order"])
            if one["subcategory"] in parts and one["has_img_google"]
        ]
        height = -(-len(rows) // COLUMNS)
        sheet = Image.new("RGB", (COLUMNS * SIDE, height * SIDE), "white")
        for place, one in enumerate(rows):
            row, column = divmod(place, COLUMNS)
            with Image.open(_file(archive, DRAWINGS + one["image"])) as drawing:
                sheet.paste(on_white(drawing).convert("RGB"), (column * SIDE, row * SIDE))
    sheet.save(folder / SHEET, lossless=True, quality=100, method=6)
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["subgroup", "name"])
        for one in rows:
            table.writerow([one["subcategory"], one["name"].lower().replace("\u2019", "'")])


def _file(archive: tarfile.TarFile, name: str) -> io.BytesIO:
    found = archive.extractfile(name)
    assert found, f"{name} is no file"
    return io.BytesIO(found.read())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
