"""Files of MNIST: packed or not, damaged in every way, or not all there."""

import gzip

import numpy as np
import pytest
from small_mnist import (
    alter,
    assert_is,
    cut,
    lengthen,
    nothing,
    other_header,
    page,
    write_folder,
    write_npz,
)

from workshop.data import (
    DamagedDataError,
    idx,
    load_mnist,
    mnist,
)


def test_packed_file_under_a_plain_name_and_the_reverse(home, small, monkeypatch):
    folder = write_folder(home / "data", small)
    images, labels = folder / idx.PARTS[0].name, folder / idx.PARTS[1].name
    images.write_bytes(gzip.compress(images.read_bytes()))
    labels.rename(labels.with_name(labels.name + ".gz"))
    monkeypatch.setenv("WORKSHOP_DATA", str(folder))
    assert_is(load_mnist(), small)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("form", ["plain", "packed"])
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (cut, "cut short|cannot be read"),
        (lengthen, "too long|cannot be read"),
        (alter, "altered|cannot be read"),
        (other_header, "begins with other bytes"),
        (page, "web page"),
        (nothing, "cut short"),
    ],
)
def test_damaged_folder_is_an_error_never_other_data(damage, words, form, small, monkeypatch):
    packed = form == "packed"
    folder = write_folder(mnist.cache_folder().parent / "data", small, packed=packed)
    path = next(folder.glob("train-images*"))
    path.write_bytes(damage(path.read_bytes()))
    monkeypatch.setenv("WORKSHOP_DATA", str(folder))
    if packed and damage in (
        lengthen,
        other_header,
    ):  # the content is whole
        assert_is(load_mnist(), small)
        return
    for source in ("auto", "full"):
        with pytest.raises(DamagedDataError, match=words) as raised:
            load_mnist(source)
        assert "train-images" in str(raised.value) and "unset WORKSHOP_DATA" in str(raised.value)
    with pytest.raises(DamagedDataError):
        mnist.fetch(progress=False)
    assert mnist.status()[0] == "corrupt"
    assert len(load_mnist("sample")[0][0]) == 4500  # asked for, so given


@pytest.mark.parametrize("damage", [cut, alter, page, nothing])
def test_damaged_npz(damage, home, small, monkeypatch):
    path = write_npz(home / "data", small) / "mnist.npz"
    path.write_bytes(damage(path.read_bytes()))
    monkeypatch.setenv("WORKSHOP_DATA", str(path.parent))
    with pytest.raises(DamagedDataError, match=r"mnist\.npz"):
        load_mnist()


@pytest.mark.parametrize("form", ["plain", "packed", "npz"])
def test_any_damage_gives_an_error_or_the_right_arrays(form, home, small, monkeypatch):
    if form == "npz":
        folder = write_npz(home / "data", small)
    else:
        folder = write_folder(home / "data", small, packed=form == "packed")
    monkeypatch.setenv("WORKSHOP_DATA", str(folder))
    generator = np.random.default_rng(0)
    errors = 0
    for path in sorted(folder.iterdir()) * 40:
        whole = path.read_bytes()
        content = bytearray(whole)
        for place in generator.integers(len(content), size=generator.integers(1, 4)):
            content[place] ^= int(generator.integers(1, 256))
        path.write_bytes(content[: len(content) if generator.random() < 0.7 else place])
        try:
            assert_is(load_mnist(), small)
        except DamagedDataError:
            errors += 1
        path.write_bytes(whole)
    assert errors > 20


def test_npz_with_other_arrays(home, small, monkeypatch):
    for change in (
        {"x_train": small["x_train"].astype(np.float32)},
        {"x_train": small["x_train"][:-1]},
        {"y_train": small["y_train"][::-1]},
    ):
        monkeypatch.setenv("WORKSHOP_DATA", str(write_npz(home / "data", small | change)))
        with pytest.raises(DamagedDataError):
            load_mnist()
    np.savez(home / "data" / "mnist.npz", images=small["x_train"])
    with pytest.raises(DamagedDataError):
        load_mnist()


def test_incomplete_folder(home, small, monkeypatch):
    folder = write_folder(home / "data", small)
    (folder / "t10k-labels-idx1-ubyte").unlink()
    monkeypatch.setenv("WORKSHOP_DATA", str(folder))
    with pytest.raises(DamagedDataError, match="lacks t10k-labels-idx1-ubyte"):
        load_mnist()
