"""MNIST from a folder, the cache, the network or the packaged sample."""

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from small_mnist import (
    alter,
    assert_is,
    cut,
    nothing,
    page,
    write_folder,
    write_npz,
)

from workshop.course import folder as course
from workshop.data import (
    DamagedDataError,
    DataError,
    idx,
    load_mnist,
    mnist,
    validation_split,
)


@pytest.fixture(scope="session")
def full_data():
    # made before anything hides where this machine has its data
    if mnist.status()[0] in ("sample", "corrupt"):
        pytest.skip("the full MNIST is not on this machine: `workshop data` fetches it")
    return load_mnist("full")


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
    assert printed.count("\n") == 2
    assert f"the full data, 60 + 10 digits ({folder})" in printed
    assert mnist.status()[0] == "folder"
    assert mnist.fetch(progress=False) == folder


def test_folder_with_npz(home, small, monkeypatch):
    monkeypatch.setenv("WORKSHOP_DATA", str(write_npz(home / "data", small)))
    assert_is(load_mnist("full"), small)


@pytest.mark.parametrize("name", ["mnist.npz", "train-images-idx3-ubyte"])
def test_a_file_in_the_folder_names_it(name, home, small, monkeypatch):
    write = write_npz if name == "mnist.npz" else write_folder
    here = write(home / "data", small)
    monkeypatch.setenv("WORKSHOP_DATA", f'"{here / name}" ')
    assert_is(load_mnist(), small)
    assert mnist.fetch(progress=False) == here


def test_a_packed_folder_has_to_be_unpacked(home, monkeypatch):
    (home / "mnist.zip").write_bytes(b"PK")
    monkeypatch.setenv("WORKSHOP_DATA", str(home / "mnist.zip"))
    with pytest.raises(DamagedDataError, match="a packed file: unpack it"):
        load_mnist()


def test_a_path_that_is_not_whole_counts_from_the_course(home, small, monkeypatch):
    monkeypatch.setattr(course, "__file__", str(home / "course" / "workshop" / "course" / "x.py"))
    for name in ("notebooks", "solutions"):
        (home / "course" / name).mkdir(parents=True)
    write_folder(home / "course" / "data" / "mnist", small)
    monkeypatch.setenv("WORKSHOP_DATA", "data/mnist")
    for place in (home, home / "course", home / "course" / "notebooks"):
        monkeypatch.chdir(place)
        assert mnist.status() == (
            "folder",
            f"The full MNIST, verified: {home / 'course' / 'data' / 'mnist'}.",
        )
        assert_is(load_mnist(), small)
    monkeypatch.setenv("WORKSHOP_CACHE", "kept")
    assert mnist.cache_folder() == home / "course" / "kept" / "mnist"


def test_a_user_without_a_home_has_a_cache_all_the_same(monkeypatch):
    import pooch

    monkeypatch.delenv("WORKSHOP_CACHE", raising=False)
    monkeypatch.setattr(pooch, "os_cache", lambda name: Path("~/.cache", name))
    assert mnist.cache_folder().is_absolute()


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
        "MNIST: the packaged sample, 4,500 + 500 digits (no network)\n"
        "Expect lower accuracies than with the full 60,000.\n"
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
    with pytest.raises(DamagedDataError, match="reinstall the workshop"):
        load_mnist("sample")
