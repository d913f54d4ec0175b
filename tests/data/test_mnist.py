import gzip
import hashlib
import shutil

import numpy as np
import pytest
from small_mnist import put_in_place

from workshop.data import (
    DamagedDataError,
    DataError,
    idx,
    load_mnist,
    mnist,
    rings,
    spirals,
    two_lines,
    validation_split,
)


@pytest.fixture(scope="session")
def full_data():
    # made before anything hides where this machine has its data
    if mnist.status()[0] in ("sample", "corrupt"):
        pytest.skip("the full MNIST is not on this machine: `workshop data` fetches it")
    return load_mnist("full")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)
    monkeypatch.setenv("WORKSHOP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("WORKSHOP_MIRRORS", "http://127.0.0.1:9/")  # nobody answers there
    return tmp_path


@pytest.fixture
def small(monkeypatch):
    """A data set in the place of MNIST, small enough to write and break in every test."""
    (x_train, y_train), (x_test, y_test) = load_mnist("sample")
    arrays = {
        "x_train": x_train[:60],
        "y_train": y_train[:60],
        "x_test": x_test[:10],
        "y_test": y_test[:10],
    }
    return put_in_place(monkeypatch, arrays)


def write_folder(folder, arrays, *, packed=False, dotted=False):
    folder.mkdir(parents=True, exist_ok=True)
    for part in idx.PARTS:
        content = part.header + arrays[part.key].tobytes()
        name = part.name.replace("-idx", ".idx") if dotted else part.name
        if packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / name).write_bytes(content)
    return folder


def write_npz(folder, arrays):
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "mnist.npz", **arrays)
    return folder


def assert_is(loaded, arrays):
    (x_train, y_train), (x_test, y_test) = loaded
    for name, array in (
        ("x_train", x_train),
        ("y_train", y_train),
        ("x_test", x_test),
        ("y_test", y_test),
    ):
        np.testing.assert_array_equal(array, arrays[name])
        assert array.dtype == np.uint8 and array.flags.writeable


def test_sample_is_balanced_mixed_and_the_same_everywhere():
    (x_train, y_train), (x_test, y_test) = load_mnist("sample")
    assert x_train.shape == (4500, 28, 28) and x_test.shape == (500, 28, 28)
    assert x_train.dtype == y_train.dtype == x_test.dtype == y_test.dtype == np.uint8
    assert np.bincount(y_train).tolist() == [450] * 10
    assert np.bincount(y_test).tolist() == [50] * 10
    assert len(np.unique(y_train[:100])) == 10  # a first mini-batch has every digit
    digest = hashlib.sha256(b"".join(a.tobytes() for a in (x_train, y_train, x_test, y_test)))
    assert digest.hexdigest() == "02794ba6ce98495a5dbafb82f7d4092bbfc02031f4002a328a5438bfe3979202"


def test_image_6_after_the_validation_part_is_an_8():
    (x_train, y_train), _ = load_mnist("sample")
    (_, labels), (_, held_back) = validation_split(x_train, y_train)
    assert labels[5] == 8
    assert len(labels) == 4125 and len(held_back) == 375


def test_sample_is_from_the_first_training_images_and_never_the_test_set(full_data):
    (full_train, full_labels), (full_test, _) = full_data
    with np.load(mnist._SAMPLE) as npz:
        sample = dict(npz)
    for part in ("train", "test"):
        numbers = sample[f"{part}_numbers"]
        assert numbers.max() < 5848
        np.testing.assert_array_equal(full_train[numbers], sample[f"x_{part}"])
        np.testing.assert_array_equal(full_labels[numbers], sample[f"y_{part}"])
    both = np.concatenate([sample["train_numbers"], sample["test_numbers"]])
    assert len(np.unique(both)) == 5000
    reserved = {image.tobytes() for image in full_test}
    assert not any(full_train[number].tobytes() in reserved for number in both)


def test_full_data(full_data):
    (x_train, y_train), (x_test, y_test) = full_data
    assert x_train.shape == (60_000, 28, 28) and x_test.shape == (10_000, 28, 28)
    assert y_train[:5].tolist() == [5, 0, 4, 1, 9] and y_test[:3].tolist() == [7, 2, 1]
    (x_learn, y_learn), (x_val, _) = validation_split(x_train, y_train)
    assert len(x_learn) == 55_000 and len(x_val) == 5_000
    assert y_learn[5] == 8
    assert np.shares_memory(x_learn, x_train) and np.shares_memory(x_val, x_train)


@pytest.mark.parametrize(
    "how", [{}, {"packed": True}, {"dotted": True}, {"packed": True, "dotted": True}]
)
def test_folder_with_idx_files(how, home, small, monkeypatch, capsys):
    folder = write_folder(home / "data", small, **how)
    monkeypatch.setenv("WORKSHOP_DATA", str(folder))
    assert_is(load_mnist(), small)
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert f"the full data, 60 + 10 digits ({folder})" in printed
    assert mnist.status()[0] == "folder"
    assert mnist.fetch(progress=False) == folder


def test_folder_with_npz(home, small, monkeypatch):
    monkeypatch.setenv("WORKSHOP_DATA", str(write_npz(home / "data", small)))
    assert_is(load_mnist("full"), small)


def test_packed_file_under_a_plain_name_and_the_reverse(home, small, monkeypatch):
    folder = write_folder(home / "data", small)
    images, labels = folder / idx.PARTS[0].name, folder / idx.PARTS[1].name
    images.write_bytes(gzip.compress(images.read_bytes()))
    labels.rename(labels.with_name(labels.name + ".gz"))
    monkeypatch.setenv("WORKSHOP_DATA", str(folder))
    assert_is(load_mnist(), small)


def cut(content):
    return content[: len(content) // 2]


def lengthen(content):
    return content + b"\0"


def alter(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def other_header(content):
    return content[:4] + b"\0\0\0\x1e" + content[8:]


def page(_):
    return b"\n<!DOCTYPE html><title>Log in to Conference Wi-Fi</title>"


def nothing(_):
    return b""


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


def test_folder_that_is_not_there(home, monkeypatch):
    monkeypatch.setenv("WORKSHOP_DATA", str(home / "typo"))
    with pytest.raises(DamagedDataError, match="is no folder"):
        load_mnist()
    assert mnist.status()[0] == "corrupt"


def test_folder_without_mnist_goes_on_and_says_so(home, monkeypatch, capsys):
    (home / "other").mkdir()
    monkeypatch.setenv("WORKSHOP_DATA", str(home / "other"))
    load_mnist()
    printed = capsys.readouterr().out
    assert "has neither the IDX files of MNIST nor mnist.npz; no network" in printed
    assert mnist.status()[0] == "sample"


def test_empty_variable_is_as_unset(home, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_DATA", "")
    load_mnist()
    assert capsys.readouterr().out == (
        "MNIST: the packaged sample, 4,500 + 500 digits (no network): "
        "expect lower accuracies than with the full 60,000\n"
    )


def test_cache_comes_before_keras(home, small, capsys):
    write_npz(home / "keras" / "datasets", small)
    assert mnist.status()[0] == "keras"
    assert_is(load_mnist(), small)
    assert str(home / "keras") in capsys.readouterr().out
    assert mnist.fetch(progress=False) == home / "cache" / "mnist"  # copied: no network here
    assert mnist.status()[0] == "cache"
    assert_is(load_mnist(), small)
    assert str(home / "cache") in capsys.readouterr().out


@pytest.mark.parametrize("damage", [cut, alter, page, nothing])
def test_damaged_cache_without_network(damage, home, small, capsys):
    path = write_folder(home / "cache" / "mnist", small) / idx.PARTS[0].name
    path.write_bytes(damage(path.read_bytes()))
    assert mnist.status()[0] == "corrupt"
    assert "workshop data" in mnist.status()[1]
    with pytest.raises(DataError, match="train-images"):
        load_mnist("full")
    load_mnist()
    printed = capsys.readouterr().out
    assert "packaged sample" in printed and "train-images" in printed
    write_npz(home / "keras" / "datasets", small)
    assert mnist.status()[0] == "keras"
    assert_is(load_mnist(), small)


def test_full_says_what_to_do(home):
    with pytest.raises(DataError, match=r"no network.*workshop data.*WORKSHOP_DATA"):
        load_mnist("full")


def test_unknown_source():
    with pytest.raises(ValueError, match="'auto', 'full', 'sample'"):
        load_mnist("keras")


def test_damaged_sample(home, monkeypatch):
    copy = home / "digits.npz"
    shutil.copy(mnist._SAMPLE, copy)
    copy.write_bytes(alter(copy.read_bytes()))
    monkeypatch.setattr(mnist, "_SAMPLE", copy)
    with pytest.raises(DamagedDataError, match="install the workshop anew"):
        load_mnist("sample")


def test_split_refuses_what_cannot_be_split():
    images, labels = np.zeros((30, 28, 28)), np.zeros(30)
    with pytest.raises(ValueError, match="got 30 inputs and 29 labels"):
        validation_split(images, labels[:-1])
    for size in (0, 30, -1):
        with pytest.raises(ValueError, match=f"size: expected .* less than 30, got {size}: "):
            validation_split(images, labels, size=size)
    with pytest.raises(ValueError, match="less than 11, got 0"):
        validation_split(images[:11], labels[:11])
    assert len(validation_split(images, labels, size=10)[1][0]) == 10


@pytest.mark.parametrize("cloud", [two_lines, rings, spirals])
def test_points(cloud):
    points, labels = cloud(301)
    again, _ = cloud(301)
    other, _ = cloud(301, seed=1)
    assert points.shape == (301, 2) and points.dtype == np.float32
    assert labels.shape == (301,) and labels.dtype == np.uint8
    assert np.bincount(labels).tolist() == [151, 150]
    assert 0.5 < np.abs(points).max() < 1.5
    np.testing.assert_array_equal(points, again)
    assert not np.array_equal(points, other)
    assert len(np.unique(labels[:20])) == 2  # mixed
    with pytest.raises(ValueError, match="at least 2 points"):
        cloud(1)
    with pytest.raises(ValueError, match=r"noise: .*got -1"):
        cloud(noise=-1)


def line_accuracy(points, labels):
    inputs = np.column_stack([points, np.ones(len(points))])
    weights, *_ = np.linalg.lstsq(inputs, 2.0 * labels - 1, rcond=None)
    return ((inputs @ weights > 0) == labels).mean()


def test_only_the_two_lines_are_separated_by_a_line():
    assert line_accuracy(*two_lines()) > 0.97
    assert line_accuracy(*rings()) < 0.75
    assert line_accuracy(*spirals()) < 0.75
