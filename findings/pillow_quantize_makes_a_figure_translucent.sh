#!/usr/bin/env bash
# Pillow's octree, the only way to few colours with transparency, makes an opaque figure translucent.
#
# Expected: a figure of matplotlib, white and opaque, reduced to 256 colours keeps its commonest colour, the
# white of its paper, and stays opaque. Seen: RGBA pictures allow the methods FASTOCTREE and LIBIMAGEQUANT
# only, and the wheels come without the second; with the first each white pixel is (254, 254, 254, 254), so the
# page behind shows through, and the paper is a grey beside other paper. RGB pictures have the default MEDIANCUT,
# which keeps white and moves rarer colours by up to 51 of 255; MAXCOVERAGE moves none by more than 3.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q matplotlib==3.11.2 pillow==13.0.0 numpy==2.4.6
"$folder/env/bin/python" - <<'PY'
import io

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image, features

figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3))
left.imshow(np.add.outer(np.arange(200.0), np.arange(200.0)))
right.plot([0, 1, 4, 9])
right.set_title("a title")
file = io.BytesIO()
figure.savefig(file, dpi=150)


def reduced(mode, method):
    """Give the paper of the figure in 256 colours, and how far any colour was moved."""
    given = Image.open(file).convert(mode)
    kept = given.quantize(256, method, dither=Image.Dither.NONE).convert(mode)
    moved = np.abs(np.asarray(kept).astype(int) - np.asarray(given)).max()
    print(f"{mode} {method.name}: paper {kept.getpixel((0, 0))}, most moved by {moved}")
    return kept.getpixel((0, 0)), moved


print("libimagequant:", features.check("libimagequant"))
assert not features.check("libimagequant")
assert reduced("RGBA", Image.Quantize.FASTOCTREE)[0] == (254, 254, 254, 254)
assert reduced("RGB", Image.Quantize.MEDIANCUT)[1] > 40
assert reduced("RGB", Image.Quantize.MAXCOVERAGE)[1] < 6
PY
